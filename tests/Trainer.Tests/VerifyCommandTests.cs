namespace O1Coder.Trainer.Tests;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-verify-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    private static string Golden { get; } = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data");

    [Fact]
    public async Task All_reference_numbers_pass()
    {
        Assert.Equal(0, await RunAsync(Golden));
        Assert.Equal("", _errors.ToString());
        Assert.Contains("tiny-llama  lora_sft_trace: 6 passed", _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith($"164 passed, 0 failed{Environment.NewLine}", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"losses\": [", "\"losses\": [1", "lora_sft_trace", "step 1: 1 of 2 numbers differ")]
    [InlineData("\"start\": \"adapter\"", "\"start\": \"zero\"", "lora_sft_trace", "starts from 'zero'")]
    [InlineData("AdamW lr", "SGD lr", "lora_sft_trace", "optimizer is 'SGD")]
    [InlineData("AdamW lr 5e-3", "AdamW lr 5e-4", "lora_sft_trace", "numbers differ")]
    [InlineData("\"continuation\": [", "\"continuation\": [3, ", "greedy", "expected 3 with")]
    [InlineData("\"adapter_token_logprobs\": [[-", "\"adapter_token_logprobs\": [[-1", "adapter_token_logprobs", "row 0: 1 of 23 numbers differ, the first at 0")]
    [InlineData("\"input_ids\": [[", "\"input_ids\": [[99999, ", "last_logits", "a token that is none of the 384")]
    public async Task A_number_that_differs_fails(string old, string changed, string group, string message)
    {
        var path = Path.Combine(Copy("deep/er/tiny-qwen2"), "expected.json");
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));

        Assert.Equal(1, await RunAsync(_folder));
        Assert.Contains($"{group}: ", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains(message, _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 failed", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_files_fail()
    {
        var folder = Copy("tiny");
        File.WriteAllText(Path.Combine(folder, "adapter", "adapter_config.json"), "{");
        File.WriteAllText(Path.Combine(_folder, "losses.json"), "{");
        Assert.Equal(1, await RunAsync(_folder));
        Assert.Contains("losses.json  file: 0 passed, 1 failed", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("tiny  adapter_token_logprobs: 0 passed, 1 failed", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("tiny  token_logprobs: 3 passed", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_gets_one_line()
    {
        Assert.Equal(2, await RunAsync(_folder));
        Assert.Equal(2, await RunAsync(Path.Combine(_folder, "gone")));
        Assert.Equal(2, await new VerifyCommand().RunAsync([], _output, _errors, TestContext.Current.CancellationToken));
        var lines = _errors.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.Contains("expected losses.json, or folders with", lines[0], StringComparison.Ordinal);
        Assert.Contains("no such folder", lines[1], StringComparison.Ordinal);
        Assert.Contains("verify has 0 arguments: expected 1: FOLDER", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_stopped()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        Assert.Equal(130, await new VerifyCommand().RunAsync([Golden], _output, _errors, stopped.Token));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> RunAsync(string folder) => new VerifyCommand().RunAsync([folder], _output, _errors, TestContext.Current.CancellationToken);

    private string Copy(string name)
    {
        var source = Path.Combine(Golden, "tiny-qwen2");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder, name, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }

        return Path.Combine(_folder, name);
    }
}
