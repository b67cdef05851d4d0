namespace O1Coder.Models;

/// <summary>
/// A language model in a folder: the GGUF file or its parts, and SHA256SUMS. Weights are mapped, not read; opening
/// reads the header, builds the tokenizer and, unless told otherwise, compares every part with its hash.
/// </summary>
public sealed class LanguageModel : IDisposable
{
    private LanguageModel(ModelFolder folder, string hash, GgufFile weights)
    {
        Id = folder.Id;
        Hash = hash;
        Weights = weights;
        Description = ModelDescription.Read(weights);
        Tokenizer = ByteLevelTokenizer.Create(weights.Metadata);
        ChatTemplate = ChatTemplate.Create(weights.Metadata, Tokenizer);
    }

    /// <summary>The file's name without part number and ending, for example <c>qwen2.5-coder-0.5b-instruct-q4_0</c>.</summary>
    public string Id { get; }

    /// <summary>SHA-256 over the parts' SHA-256 hashes (32 bytes each, in order), lower-case hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>The transformer's shape.</summary>
    public ModelDescription Description { get; }

    /// <summary>The model's own tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The model's own chat template.</summary>
    public ChatTemplate ChatTemplate { get; }

    /// <summary>The weights, mapped; valid until this is disposed.</summary>
    public GgufFile Weights { get; }

    /// <summary>Opens the model in a folder.</summary>
    /// <param name="folder">The folder; it holds one model.</param>
    /// <param name="verifyHashes">
    /// Whether every part is compared with SHA256SUMS. Without it the hashes there are taken as they are.
    /// </param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="ModelFormatException">
    /// The folder, a part or SHA256SUMS is missing, a hash differs, or a file is not valid; one line says which and how.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LanguageModel Open(string folder, bool verifyHashes = true, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var found = ModelFolder.Find(folder);

        // Hashing takes as long as the rest: both at once, and the hash's verdict counts first, for a file that is not
        // what it should be is the cause of whatever else goes wrong with it.
        var verification = verifyHashes ? Task.Run(() => found.Verify(cancellationToken), CancellationToken.None) : Task.CompletedTask;
        GgufFile? weights = null;
        try
        {
            weights = GgufFile.Open(found.Paths);
            var model = new LanguageModel(found, found.Hash, weights);
            verification.GetAwaiter().GetResult();
            return model;
        }
        catch
        {
            weights?.Dispose();
            verification.GetAwaiter().GetResult();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => Weights.Dispose();
}
