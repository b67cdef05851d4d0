using System.Text.Json;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

/// <summary>Programs that use what Python offers, with tests as people write them: a false rejection spoils a reward too.</summary>
public sealed class HonestProgramsTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private static readonly Dictionary<string, (string Program, string Test)> s_cases = Load();

    public static TheoryData<string> Names { get; } = [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_accepted(string name)
    {
        var (program, test) = s_cases[name];
        var result = await host.AssertAsync(program, test);
        Assert.True(result.Verdict == Verdict.Accepted, $"{result}");
    }

    private static Dictionary<string, (string Program, string Test)> Load()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "honest-programs.json")));
        return file.RootElement.EnumerateArray().ToDictionary(Text("name"), item => (Text("program")(item), Text("test")(item)));

        static Func<JsonElement, string> Text(string name) => item => item.GetProperty(name).GetString()!;
    }
}
