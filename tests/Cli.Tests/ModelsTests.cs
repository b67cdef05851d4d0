namespace O1Coder.Cli.Tests;

public sealed class ModelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-models-").FullName;

    // For the process that verifies: tiny models gain nothing from a second thread.
    public ModelsTests() => Environment.SetEnvironmentVariable("O1CODER_THREADS", "1");

    private static string Golden { get; } = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Verify_runs_the_policys_own_checks_as_a_process()
    {
        File.Copy(Path.Combine(Golden, "tokenizer-qwen2.5-coder.json"), Path.Combine(_folder, "tokenizer-qwen2.5-coder.json"));
        Copy("tiny-llama");
        var session = new Session { Folder = Repository.Root };
        Assert.Equal(ExitCodes.Solved, session.Prepare("models", "verify", _folder).ExitCode);
        Assert.Contains("tokenizer-qwen2.5-coder.json  cases: 200 passed\n", session.Out, StringComparison.Ordinal);
        Assert.Contains("tokenizer-qwen2.5-coder.json  chat_template: 4 passed\n", session.Out, StringComparison.Ordinal);
        Assert.Contains("tiny-llama  cpu/vector128 fast adapter_token_logprobs: 3 passed\n", session.Out, StringComparison.Ordinal);
        Assert.Contains("tiny-llama  onnx/cpu exact greedy: 1 passed\n", session.Out, StringComparison.Ordinal);
        Assert.EndsWith(" passed, 0 failed\n", session.Out, StringComparison.Ordinal);
        Assert.Equal("", session.Error);
    }

    [Fact]
    public void A_spoiled_number_fails_and_says_what_was_expected_and_what_came()
    {
        var expected = Path.Combine(Copy("tiny-qwen2"), "expected.json");
        File.WriteAllText(expected, File.ReadAllText(expected).Replace("\"token_logprobs\": [[-", "\"token_logprobs\": [[-1", StringComparison.Ordinal));
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.NotSolved, session.Prepare("models", "verify", ".").ExitCode);
        Assert.Contains("    row 0: 1 of 23 numbers differ, the first at 0: -", session.Out, StringComparison.Ordinal);
        Assert.Matches(@"[1-9]\d* passed, [1-9]\d* failed\n$", session.Out);
    }

    [Fact]
    public void Show_says_what_a_model_is_and_how_it_is_held()
    {
        var session = new Session { Folder = Repository.Root };
        Assert.Equal(ExitCodes.Solved, session.Prepare("models", "show", "tests/Golden.Tests/data/tiny-qwen2").ExitCode);
        Assert.Contains("architecture   qwen2: 2 layers, hidden size 64, 4 heads of 16, 2 key-value heads", session.Out, StringComparison.Ordinal);
        Assert.Contains("chat template  cannot be used: missing tokenizer.json", session.Out, StringComparison.Ordinal);
        Assert.Contains("matrices stored 15 as F32", session.Out, StringComparison.Ordinal);
        Assert.Contains("F32 as float32, exactly", session.Out, StringComparison.Ordinal);
        Assert.Contains("F32 as q8_0, with an error of rms 0.", session.Out, StringComparison.Ordinal);
        Assert.Contains("F32 as q4_0, with an error of rms 0.", session.Out, StringComparison.Ordinal);
        Assert.Equal("", session.Error);
    }

    [Fact]
    public void A_damaged_model_is_refused_with_the_field()
    {
        var weights = Path.Combine(Copy("tiny-qwen2"), "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[7] ^= 0x40;
        File.WriteAllBytes(weights, bytes);
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, session.Prepare("models", "show", "tiny-qwen2").ExitCode);
        Assert.Contains("model.safetensors: ", Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FOLDER is \"gone\"; expected a folder", "models", "verify", "gone")]
    [InlineData("models verify needs a FOLDER", "models", "verify")]
    [InlineData("models show needs a FOLDER", "models", "show")]
    [InlineData("say what to do: models verify FOLDER", "models")]
    [InlineData("no such model folder", "models", "show", "gone")]
    public void Bad_input_gets_one_line(string message, params string[] args)
    {
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, session.Prepare(args).ExitCode);
        Assert.Contains(message, Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_cases_is_bad_input()
    {
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, session.Prepare("models", "verify", ".").ExitCode);
        Assert.Contains("expected tokenizer-*.json, embedded-model*.json, or folders with config.json and expected.json", session.Error, StringComparison.Ordinal);
    }

    private string Copy(string name)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Golden, name), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(Golden, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return Path.Combine(_folder, name);
    }
}
