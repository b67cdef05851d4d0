namespace O1Coder.Models.Tests;

/// <summary>Folders and GGUF files of every architecture with a file cut off or changed: a clear error or a model, never another exception.</summary>
public sealed class HostileFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("tokenizer_config.json")]
    public void A_folder_with_a_spoiled_file_is_refused_or_opened(string name)
    {
        var folder = TinyFolder.Write(Path.Combine(_folder.Path, "qwen3"), "qwen3", config => config["vocab_size"] = 1000);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "data", "tokenizers", "qwen.tokenizer.json"), Path.Combine(folder, "tokenizer.json"));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"),
            """{"eos_token":"<e>","chat_template":"{% for m in messages %}{{ m['content'] | trim }}{% if loop.last %}{{ eos_token }}{% endif %}{% endfor %}"}""");
        Spoil(File.ReadAllBytes(Path.Combine(folder, name)), 100, bytes =>
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            using var model = LanguageModel.Open(folder, cancellationToken: TestContext.Current.CancellationToken);
            model.ChatTemplate.Render([new(ChatRole.User, "hi")], true);
            model.Parameters.Read("model.norm.weight");
        });
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen3")]
    public void A_spoiled_GGUF_file_is_refused_or_read(string architecture)
    {
        var valid = TinyArchitecture.Writer(architecture).WithFloats("rope_freqs.weight", 2, 8).ToBytes();
        Spoil(valid, 100, bytes =>
        {
            using var weights = new GgufWeights(GgufFile.Open(_folder.Write("spoiled.gguf", bytes)));
            foreach (var (name, _) in HuggingFaceTensors.Expected(weights.Description))
            {
                weights.Read(name);
            }
        });
    }

    public void Dispose() => _folder.Dispose();

    private static void Spoil(byte[] valid, int rounds, Action<byte[]> read)
    {
        var random = new Random(31);
        var refused = 0;
        for (var round = 0; round < rounds; round++)
        {
            var bytes = round % 4 == 0 ? valid[..random.Next(valid.Length)] : (byte[])valid.Clone();
            for (var changes = round % 4 == 0 ? 0 : random.Next(1, 4); changes > 0; changes--)
            {
                var position = random.Next(random.Next(2) == 0 ? Math.Min(800, bytes.Length) : bytes.Length);
                bytes[position] = random.Next(2) == 0 ? (byte)(bytes[position] ^ (1 << random.Next(8))) : (byte)random.Next(256);
            }

            try
            {
                read(bytes);
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 4, rounds - 1);
    }
}
