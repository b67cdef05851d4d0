namespace O1Coder.Models;

/// <summary>
/// A language model on disk: a GGUF file or its parts, alone or in a folder, with SHA256SUMS or without, or a Hugging Face folder.
/// Weights are mapped, not read; opening reads the header, builds the tokenizer and compares files with their hashes.
/// </summary>
public sealed class LanguageModel : IDisposable
{
    private readonly GgufFile? _gguf;

    private LanguageModel(ModelFolder folder, GgufFile gguf)
    {
        Id = folder.Id;
        _gguf = gguf;
        Parameters = new GgufWeights(gguf, leaveOpen: true);
        var tokenizer = BpeTokenizer.Read(gguf.Metadata);
        (Tokenizer, ChatTemplate) = (tokenizer, ChatTemplate.Create(gguf.Metadata, tokenizer));
    }

    private LanguageModel(ModelFolder folder, HuggingFaceFolder weights)
    {
        Id = folder.Id;
        Parameters = weights;
        var tokenizer = BpeTokenizer.Read(Path.Combine(folder.Path, HuggingFaceFolder.TokenizerName), weights.Description.VocabularySize);
        (Tokenizer, ChatTemplate) = (tokenizer, HuggingFaceTemplate.Read(folder.Path, tokenizer));
    }

    /// <summary>
    /// The file's name without part number and ending, for example <c>qwen2.5-coder-0.5b-instruct-q4_0</c>, or the name of a
    /// Hugging Face folder.
    /// </summary>
    public string Id { get; }

    /// <summary>
    /// SHA-256 over the files' SHA-256 hashes (32 bytes each; parts in order, other files by name), lower-case hexadecimal.
    /// </summary>
    public string Hash { get; private set; } = "";

    /// <summary>The transformer's shape.</summary>
    public ModelDescription Description => Parameters.Description;

    /// <summary>The model's own tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The model's own chat template.</summary>
    public ChatTemplate ChatTemplate { get; }

    /// <summary>The weights under Hugging Face's names; valid until this is disposed.</summary>
    public IWeights Parameters { get; }

    /// <summary>Whether the model is a GGUF file.</summary>
    public bool IsGguf => _gguf is not null;

    /// <summary>The weights as a GGUF file has them, mapped; valid until this is disposed.</summary>
    /// <exception cref="InvalidOperationException">The model is no GGUF file: its weights are <see cref="Parameters"/>.</exception>
    public GgufFile Weights => _gguf ?? throw new InvalidOperationException($"{Id} is a Hugging Face folder: it has no GGUF file");

    /// <summary>Opens a model.</summary>
    /// <param name="path">A folder that holds one model, or a GGUF file, of several parts any.</param>
    /// <param name="verifyHashes">
    /// Whether GGUF files are compared with SHA256SUMS beside them. Without it the hashes there are taken as they are; where there
    /// are none, and of Hugging Face folders, all files are hashed in any case.
    /// </param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="ModelFormatException">
    /// The folder or a file is missing, a hash differs, or a file is not valid; one line says which and how.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LanguageModel Open(string path, bool verifyHashes = true, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var found = ModelFolder.Find(path);

        // Hashing takes as long as the rest: both at once, and the hash's verdict counts first, for a file that is not
        // what it should be is the cause of whatever else goes wrong with it.
        var hashing = Task.Run(() => found.Hash(verifyHashes, cancellationToken), CancellationToken.None);
        IDisposable? weights = null;
        try
        {
            LanguageModel model;
            if (found.IsGguf)
            {
                var file = GgufFile.Open(found.Paths);
                weights = file;
                model = new LanguageModel(found, file);
            }
            else
            {
                var folder = HuggingFaceFolder.Open(found.Path);
                weights = folder;
                model = new LanguageModel(found, folder);
            }

            model.Hash = hashing.GetAwaiter().GetResult();
            return model;
        }
        catch
        {
            weights?.Dispose();
            hashing.GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>Opens a model's weights alone: neither tokenizer nor chat template need be there, and no hash is looked at.</summary>
    /// <param name="path">As <see cref="Open"/> takes it.</param>
    /// <exception cref="ModelFormatException">The folder or a file is missing, or a file is not valid; one line says which and how.</exception>
    public static IWeights OpenWeights(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var found = ModelFolder.Find(path);
        if (!found.IsGguf)
        {
            return HuggingFaceFolder.Open(found.Path);
        }

        var file = GgufFile.Open(found.Paths);
        try
        {
            return new GgufWeights(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Parameters.Dispose();
        _gguf?.Dispose();
    }
}
