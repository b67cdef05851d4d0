using System.Text.Json;
using O1Coder.Cli.Checks;

namespace O1Coder.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private const string Model = "models/qwen2.5-coder-0.5b-instruct";

    // SHA-256 of "abc" and of nothing, as FIPS 180 gives them.
    private const string HashOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private const string HashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private readonly TemporaryFolder _folder = new();

    public DoctorTests() => _folder.Write("O1Coder.sln", "");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_whose_parts_have_their_hashes_is_fine()
    {
        WriteModel("abc", "");
        var finding = CheckModel();
        Assert.Equal(Health.Ok, finding.Status);
        Assert.Contains("2 parts", finding.Detail, StringComparison.Ordinal);
        Assert.Null(finding.Advice);
    }

    [Fact]
    public void A_missing_part_is_named_with_what_to_do()
    {
        WriteModel("abc", null);
        var finding = CheckModel();
        Assert.Equal((Health.Missing, "part two.gguf is missing"), (finding.Status, finding.Detail));
        Assert.Contains("git checkout", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_with_another_hash_is_named_with_both()
    {
        WriteModel("abd", "");
        var finding = CheckModel();
        Assert.Equal(Health.Missing, finding.Status);
        Assert.Matches("^part one.gguf has SHA-256 a52d159f262b…, expected ba7816bf8f01…$", finding.Detail);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public void Sums_that_are_none_are_reported(string sums)
    {
        _folder.Write($"{Model}/SHA256SUMS", sums);
        Assert.Contains("malformed", CheckModel().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_that_the_environment_names_is_the_one_looked_at()
    {
        WriteModel("abc", "");
        var elsewhere = Path.Combine(_folder.Path, "elsewhere");
        var finding = new ModelCheck().Run(new Surroundings(_folder.Path, name => name == "O1CODER_MODEL" ? elsewhere : null));
        Assert.Equal((Health.Missing, $"no folder {elsewhere}"), (finding.Status, finding.Detail));
        Assert.Contains("O1CODER_MODEL", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_repository_the_advice_is_where_to_go()
    {
        var finding = new ModelCheck().Run(new Surroundings(null, _ => null));
        Assert.Equal((Health.Missing, Surroundings.GoToRepository), (finding.Status, finding.Advice));
    }

    [Fact]
    public void The_exit_code_and_the_json_say_what_is_missing()
    {
        WriteModel(null, "");
        var session = new Session { Folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "deep", "down")).FullName };

        Assert.Equal(ExitCodes.NotSolved, session.Prepare("doctor", "--json").ExitCode);

        using var json = JsonDocument.Parse(session.Out);
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(_folder.Path, json.RootElement.GetProperty("repository").GetString());
        var checks = json.RootElement.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!);
        Assert.Equal([".NET SDK", "python3", "namespaces", "limits", "C++", "C", "Java", "JavaScript", "Rust", "Go", "C#", "redis", "model", "libtorch", "git", "cores", "memory", "disk"], checks.Keys);
        Assert.Equal("missing", checks["model"].GetProperty("status").GetString());
        Assert.Equal("part one.gguf is missing", checks["model"].GetProperty("detail").GetString());
        Assert.Equal("ok libtorch loads", $"{checks["libtorch"].GetProperty("status").GetString()} {checks["libtorch"].GetProperty("detail").GetString()}");
        Assert.All(checks.Values, check => Assert.Contains(check.GetProperty("status").GetString(), new[] { "ok", "warning", "missing" }));
    }

    [Fact]
    public void Bad_input_has_the_shape_of_doctors_own_json()
    {
        var session = new Session { Folder = _folder.Path };
        Assert.Equal(ExitCodes.BadInput, session.Prepare("doctor", "--json", "--what").ExitCode);
        using var json = JsonDocument.Parse(session.Out);
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Contains("--what", json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_fits_80_columns_and_ends_with_what_is_missing()
    {
        var session = new Session { Folder = _folder.Path };
        Assert.Equal(ExitCodes.NotSolved, session.Prepare("doctor").ExitCode);
        Assert.All(session.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("✗ missing", session.Out, StringComparison.Ordinal);
        Assert.Matches("Missing: .*model", session.Out);
    }

    [Theory]
    [InlineData("""{"tools":{"garnet-server":{"version":"9.9.9"}}}""", "Warning", "dotnet tool restore")]
    [InlineData("""{"tools":{}}""", "Missing", "install redis-server")]
    [InlineData("nonsense", "Missing", "install redis-server")]
    [InlineData("[]", "Missing", "install redis-server")]
    public void The_tool_manifest_stands_in_for_redis(string manifest, string status, string advice)
    {
        Assert.SkipWhen(ProgramProbe.Run("redis-server", "--version").ExitCode == 0, "redis-server is installed, so the manifest is not asked.");
        _folder.Write(".config/dotnet-tools.json", manifest);
        var finding = new RedisCheck().Run(new Surroundings(_folder.Path, _ => _folder.Path));
        Assert.Equal(status, finding.Status.ToString());
        Assert.Contains(advice, finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_is_a_version_or_what_to_install()
    {
        Assert.Equal(7, LanguageCheck.All.Count);
        var absent = new LanguageCheck("Nothing", "o1coder-no-such-compiler", "--version", "install nothing").Run(new Surroundings(null, _ => null));
        Assert.Equal(("Nothing", Health.Warning, "install nothing"), (absent.Name, absent.Status, absent.Advice));
        var present = new LanguageCheck("C#", "dotnet", "--version", "install the SDK").Run(new Surroundings(null, _ => null));
        Assert.Equal(Health.Ok, present.Status);
        Assert.Matches(@"^\d+\.\d+\.\d+ by dotnet$", present.Detail);
        Assert.Equal(Health.Warning, new LanguageCheck("Odd", "sh", "-c", "x").Run(new Surroundings(null, _ => null)).Status);
    }

    [Fact]
    public void A_program_that_is_not_there_or_fails_is_a_finding()
    {
        Assert.Null(ProgramProbe.Run("o1coder-no-such-program").ExitCode);
        Assert.Equal(3, ProgramProbe.Run("sh", "-c", "exit 3").ExitCode);
    }

    private Finding CheckModel() => new ModelCheck().Run(new Surroundings(_folder.Path, _ => null));

    private void WriteModel(string? one, string? two)
    {
        _folder.Write($"{Model}/SHA256SUMS", $"{HashOfAbc}  one.gguf\n{HashOfNothing}  two.gguf\n");
        foreach (var (name, text) in new[] { ("one.gguf", one), ("two.gguf", two) })
        {
            if (text is not null)
            {
                _folder.Write($"{Model}/{name}", text);
            }
        }
    }
}
