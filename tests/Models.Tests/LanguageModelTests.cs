using System.Security.Cryptography;

namespace O1Coder.Models.Tests;

public sealed class LanguageModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Opens_a_folder_and_knows_its_hash()
    {
        var hash = WriteModel("tiny-f32.gguf");

        using var model = Open();

        Assert.Equal("tiny-f32", model.Id);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(hash)), model.Hash);
        Assert.Equal(262, model.Tokenizer.VocabularySize);
        Assert.Equal(1, model.Description.Layers);
        Assert.Equal(0.5f, model.Weights.GetTensor("token_embd.weight").ToFloats()[0]);
    }

    [Fact]
    public void Without_listed_hashes_the_files_are_hashed()
    {
        var hash = WriteModel("tiny-f32.gguf");
        File.Delete(Path.Combine(_folder.Path, "SHA256SUMS"));

        using var inFolder = Open(verifyHashes: false);
        using var byFile = LanguageModel.Open(Path.Combine(_folder.Path, "tiny-f32.gguf"), false, TestContext.Current.CancellationToken);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(hash)), inFolder.Hash);
        Assert.Equal((inFolder.Id, inFolder.Hash), (byFile.Id, byFile.Hash));
        Assert.Equal(0.5f, byFile.Parameters.Read("model.embed_tokens.weight")[0]);
    }

    [Theory]
    [InlineData("qwen2", "qwen")]
    [InlineData("qwen3", "qwen")]
    [InlineData("llama", "llama3")]
    [InlineData("mistral", "mistral")]
    public void Opens_a_Hugging_Face_folder(string architecture, string tokenizer)
    {
        var folder = WriteFolder(architecture, tokenizer);
        using var model = LanguageModel.Open(folder, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((architecture, architecture, 1000), (model.Id, model.Description.Architecture, model.Tokenizer.VocabularySize));
        string[] files = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. files.SelectMany(
            file => SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file))))])), model.Hash);
        Assert.Equal("<s>user: hi", model.ChatTemplate.RenderText([new(ChatRole.User, "hi")], false));
        Assert.NotEmpty(model.ChatTemplate.Render([new(ChatRole.User, "hi")], false));
        Assert.Equal(1000 * 32, model.Parameters.Read("model.embed_tokens.weight").Length);
        Assert.Contains("it has no GGUF file", Assert.Throws<InvalidOperationException>(() => model.Weights).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_may_stand_alone_or_among_others()
    {
        var folder = WriteFolder("qwen3", "qwen");
        var config = Path.Combine(folder, "tokenizer_config.json");
        File.WriteAllText(config, """{"chat_template":[{"name":"tool_use","template":"no"},{"name":"default","template":"{{ eos_token }}yes"}],"eos_token":"<e>"}""");
        Assert.Equal("<e>yes", Text());
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), "alone\n");
        Assert.Equal("alone", Text());
        File.Delete(Path.Combine(folder, "chat_template.jinja"));
        File.WriteAllText(config, "{}");
        Assert.Contains("chat_template is missing: expected a text", Assert.Throws<ModelFormatException>(Text).Message, StringComparison.Ordinal);
        File.Delete(config);
        Assert.Contains("missing tokenizer_config.json", Assert.Throws<ModelFormatException>(Text).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, "tokenizer.json"));
        Assert.Contains("missing tokenizer.json", Assert.Throws<ModelFormatException>(Text).Message, StringComparison.Ordinal);

        string Text()
        {
            using var model = LanguageModel.Open(folder, cancellationToken: TestContext.Current.CancellationToken);
            return model.ChatTemplate.RenderText([new(ChatRole.User, "hi")], false);
        }
    }

    [Fact]
    public void A_missing_part_is_named()
    {
        _folder.Write("m-00002-of-00003.gguf", [1]);
        _folder.Write("SHA256SUMS", "");
        Throws($"missing m-00001-of-00003.gguf (part 1 of 3) in {_folder.Path}");
        _folder.Write("m-00001-of-00003.gguf", [1]);
        Throws($"missing m-00003-of-00003.gguf (part 3 of 3) in {_folder.Path}");
    }

    [Fact]
    public void A_wrong_hash_is_told_even_where_the_file_is_broken_too()
    {
        WriteModel("tiny.gguf");
        var path = Path.Combine(_folder.Path, "tiny.gguf");
        var bytes = File.ReadAllBytes(path);
        var expected = Convert.ToHexStringLower(SHA256.HashData(bytes));
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Throws($"{path}: sha256 is {Convert.ToHexStringLower(SHA256.HashData(bytes))}: expected {expected}");
        using (Open(verifyHashes: false))
        {
        }

        bytes[0] ^= 1;
        File.WriteAllBytes(path, bytes);
        Throws("sha256 is");
    }

    [Fact]
    public void A_folder_that_holds_no_single_model_is_told()
    {
        Assert.Contains("no such model folder: ", Assert.Throws<ModelFormatException>(
            () => LanguageModel.Open(Path.Combine(_folder.Path, "none"), true, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Throws("number of models is 0: expected 1");
        _folder.Write("SHA256SUMS", "");
        Throws("number of models is 0: expected 1");
        WriteModel("a.gguf");
        WriteModel("b.gguf");
        Throws("number of models is 2: expected 1");
    }

    [Fact]
    public void Broken_hash_lists_are_told()
    {
        WriteModel("a.gguf");
        _folder.Write("SHA256SUMS", "");
        Throws("SHA256SUMS: has no line for a.gguf");
        _folder.Write("SHA256SUMS", "zz  a.gguf\n");
        Throws("SHA256SUMS: a line is 'zz  a.gguf': expected 64 hexadecimal digits");
        _folder.Write("SHA256SUMS", new string('g', 64) + "  a.gguf\n");
        Throws("expected 64 hexadecimal digits");
    }

    [Fact]
    public void Opening_can_be_cancelled()
    {
        WriteModel("a.gguf");

        Assert.ThrowsAny<OperationCanceledException>(
            () => LanguageModel.Open(_folder.Path, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_embedded_model_is_what_its_hashes_say()
    {
        using var model = LanguageModel.Open(Repository.EmbeddedModel, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("qwen2.5-coder-0.5b-instruct-q4_0", model.Id);
        Assert.Equal("c5484cb0678c75f616c29bfa07bd6bec84bcaa161c07c258907b616ba1502110", model.Hash);
    }

    public void Dispose() => _folder.Dispose();

    private string WriteFolder(string architecture, string tokenizer)
    {
        var folder = TinyFolder.Write(Path.Combine(_folder.Path, architecture), architecture, config =>
        {
            config["vocab_size"] = 1000;
            config["sliding_window"] = null;
        });
        File.Copy(Path.Combine(AppContext.BaseDirectory, "data", "tokenizers", $"{tokenizer}.tokenizer.json"), Path.Combine(folder, "tokenizer.json"));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"),
            """{"bos_token":{"content":"<s>"},"chat_template":"{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}{% endfor %}"}""");
        return folder;
    }

    private byte[] WriteModel(string name)
    {
        var bytes = TinyModel.Writer().ToBytes();
        var hash = SHA256.HashData(bytes);
        _folder.Write(name, bytes);
        File.AppendAllText(Path.Combine(_folder.Path, "SHA256SUMS"), $"{Convert.ToHexStringLower(hash)}  {name}\n");
        return hash;
    }

    private LanguageModel Open(bool verifyHashes = true) =>
        LanguageModel.Open(_folder.Path, verifyHashes, TestContext.Current.CancellationToken);

    private void Throws(string message) => Assert.Contains(message,
        Assert.Throws<ModelFormatException>(() => Open()).Message, StringComparison.Ordinal);
}
