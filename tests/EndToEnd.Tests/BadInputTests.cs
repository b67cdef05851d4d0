using System.Net;
using System.Net.Sockets;

namespace O1Coder.EndToEnd.Tests;

/// <summary>Bad input gets one clear line and exit code 2, and nothing stays behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string ModelVariable = "O1CODER_MODEL";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task A_file_that_is_not_there() => RefusesAsync(["solve", "no-such-problem.md"], "no-such-problem.md");

    [Fact]
    public async Task A_malformed_problem()
    {
        var path = Path.Combine(_folder.FullName, "broken.md");
        await File.WriteAllTextAsync(path, "---\nmode: sideways\n---\nAdd.\n\n```python\nassert add(1, 2) == 3\n```\n", Token);
        await RefusesAsync(["solve", path], "sideways");
    }

    [Fact]
    public Task A_number_out_of_range() => RefusesAsync(["solve", Built.Problem("reverse-words"), "--rollouts", "-1"], "rollouts");

    [Fact]
    public async Task A_model_part_that_is_missing()
    {
        var model = LinkModel(exceptPart: 3);
        await RefusesAsync(["solve", Built.Problem("reverse-words")], "00003-of-00003.gguf", new() { [ModelVariable] = model });
    }

    [Fact]
    public async Task A_model_part_with_a_wrong_hash()
    {
        var model = LinkModel(exceptPart: 3);
        var part = Directory.GetFiles(Repository.EmbeddedModel, "*-00003-of-00003.gguf").Single();
        var copy = Path.Combine(model, Path.GetFileName(part));
        File.Copy(part, copy);
        await using (var file = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Seek(-1, SeekOrigin.End);
            var last = file.ReadByte();
            file.Seek(-1, SeekOrigin.End);
            file.WriteByte((byte)(last ^ 1));
        }

        await RefusesAsync(["solve", Built.Problem("reverse-words")], "sha256", new() { [ModelVariable] = model });
    }

    [Fact]
    public Task A_machine_without_python() => RefusesAsync(
        ["solve", Built.Problem("reverse-words")], "python", new() { ["Sandbox__Python"] = "/nowhere/python3" });

    [Fact]
    public Task A_folder_for_logs_that_cannot_be_made() => RefusesAsync(
        ["solve", Built.Problem("reverse-words")], "O1CODER_RUNS is '/proc/nowhere'", new() { ["O1CODER_RUNS"] = "/proc/nowhere" });

    [Fact]
    public Task A_variable_of_another_program_is_not_a_setting() => RefusesAsync(
        ["--threads", "0"], "threads is '0'", new() { ["PORT"] = "nonsense", ["MODEL"] = "nonsense", ["O1CODER_RUNS"] = "" });

    [Theory]
    [InlineData("--boxes", "0", "boxes is '0': expected a number from 1 to 256")]
    [InlineData("--trainer-threads", "many", "trainer-threads is 'many': expected a number from 1 to 1024")]
    [InlineData("--service-cores", "-1", "service-cores is '-1': expected a number from 1 to 1024")]
    public Task A_number_of_cores_that_is_none(string option, string value, string mentions) => RefusesAsync([option, value], mentions);

    [Fact]
    public Task A_precision_that_there_is_not() =>
        RefusesAsync(["--precision", "int5"], "precision is 'int5': expected int4, int8, fp32, or nothing for the weights as stored");

    [Fact]
    public Task An_accuracy_that_there_is_not() => RefusesAsync(["--accuracy", "slow"], "accuracy is 'slow': expected fast or exact");

    [Fact]
    public async Task A_port_in_use()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await RefusesAsync(["--port", $"{port}"], $"{port}");
    }

    private static async Task RefusesAsync(string[] arguments, string mentions, Dictionary<string, string>? environment = null)
    {
        await using var run = AppHostProcess.Start(arguments, environment);
        var exitCode = await run.WaitForExitAsync(s_patience, Token);

        Assert.True(exitCode == 2, $"Exit code {exitCode}.\n{run.Output}\n{run.Errors}");
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.StartsWith("o1coder: ", StringComparison.Ordinal) && line.Contains(mentions, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", run.Errors + run.Output, StringComparison.Ordinal);
        Assert.Empty(run.FindLeftovers());
    }

    private string LinkModel(int exceptPart)
    {
        var folder = _folder.CreateSubdirectory("model").FullName;
        foreach (var file in Directory.GetFiles(Repository.EmbeddedModel))
        {
            if (!file.Contains($"-{exceptPart:d5}-of-", StringComparison.Ordinal))
            {
                File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
            }
        }

        return folder;
    }
}
