using System.Security.Cryptography;
using System.Text;
using O1Coder.Models;

namespace O1Coder.Learning.Transformer;

/// <summary>A base model's folder, open: GGUF as Policy reads it, or Hugging Face's safetensors.</summary>
internal sealed class BaseModel : IDisposable
{
    private readonly LanguageModel? _gguf;

    private BaseModel(LanguageModel gguf)
    {
        _gguf = gguf;
        Weights = new GgufWeights(gguf.Weights, leaveOpen: true);
        Id = gguf.Id;
        Hash = gguf.Hash;
        Text = (gguf.Tokenizer, gguf.ChatTemplate);
    }

    private BaseModel(string folder, CancellationToken cancellationToken)
    {
        Weights = HuggingFaceFolder.Open(folder);
        Id = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        Hash = HashOf(folder, cancellationToken);
    }

    /// <summary>The weights.</summary>
    public IWeights Weights { get; }

    /// <summary>The model's name.</summary>
    public string Id { get; }

    /// <summary>A hash over its files.</summary>
    public string Hash { get; }

    /// <summary>How text becomes tokens; null where the folder does not say.</summary>
    public (ITokenizer Tokenizer, ChatTemplate Template)? Text { get; }

    /// <summary>Opens a folder. A GGUF file's hashes are compared with SHA256SUMS.</summary>
    /// <exception cref="ModelFormatException">The folder does not hold a model that is known.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static BaseModel Open(string folder, CancellationToken cancellationToken) => HuggingFaceFolder.IsOne(folder)
        ? new(folder, cancellationToken)
        : new(LanguageModel.Open(folder, cancellationToken: cancellationToken));

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights.Dispose();
        _gguf?.Dispose();
    }

    private static string HashOf(string folder, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        var names = Directory.GetFiles(folder, "*.safetensors").Append(Path.Combine(folder, "config.json"));
        foreach (var path in names.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
            using var file = File.OpenRead(path);
            for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
