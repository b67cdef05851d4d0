using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using O1Coder.V1;

namespace O1Coder.Hostile.Tests;

/// <summary>A folder with <c>case.json</c> and <c>program.py</c>: what is run, and the verdicts that are right.</summary>
public sealed record HostileCase
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The folder that holds the cases.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "cases");

    [JsonIgnore]
    public string Name { get; private init; } = "";

    [JsonIgnore]
    public string Program { get; private init; } = "";

    public required string Language { get; init; }

    /// <summary>stdio, function or assert.</summary>
    public required string Mode { get; init; }

    /// <summary>Of mode function: the function's name.</summary>
    public string? Entry { get; init; }

    public required JsonElement[] Tests { get; init; }

    public HostileLimits Limits { get; init; } = new();

    /// <summary>The verdicts that are right, by name.</summary>
    public required string[] Expect { get; init; }

    /// <summary>Strings that must appear in no output.</summary>
    public string[] Forbid { get; init; } = [];

    /// <summary>A case that runs afterwards.</summary>
    public string? Then { get; init; }

    /// <summary>The verdict must come by then, seconds.</summary>
    public double? WithinS { get; init; }

    /// <summary>Reads a case.</summary>
    public static HostileCase Load(string name)
    {
        var folder = Path.Combine(Folder, name);
        return JsonSerializer.Deserialize<HostileCase>(File.ReadAllText(Path.Combine(folder, "case.json")), s_options)! with
        {
            Name = name,
            // Not ReadAllText: a byte order mark is part of the program.
            Program = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "program.py"))),
        };
    }

    /// <summary>The request that the case describes.</summary>
    public ExecuteRequest ToRequest() => new()
    {
        Language = Language == "python" ? V1.Language.Python : throw new InvalidDataException($"{Name}: language {Language}"),
        Program = Program,
        Tests = { Tests.Select(ToTest) },
        Limits = Limits.ToLimits(),
    };

    private TestCase ToTest(JsonElement test) => Mode switch
    {
        "stdio" => new TestCase { Stdio = new StdioTest { Stdin = test.GetProperty("stdin").GetString(), Stdout = test.GetProperty("stdout").GetString() } },
        "assert" => new TestCase { Assertion = new AssertionTest { Code = test.GetString() } },
        "function" => new TestCase { Assertion = new AssertionTest { Code = $"assert {Entry}({string.Join(", ", test.GetProperty("args").EnumerateArray().Select(ToPython))}) == {ToPython(test.GetProperty("expected"))}" } },
        _ => throw new InvalidDataException($"{Name}: mode {Mode}"),
    };

    private static string ToPython(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(ToPython))}]",
        JsonValueKind.Object => $"{{{string.Join(", ", value.EnumerateObject().Select(pair => $"{JsonSerializer.Serialize(pair.Name)}: {ToPython(pair.Value)}"))}}}",
        _ => value.GetRawText(),
    };

    /// <summary>The limits of a case; what is absent is the service's default.</summary>
    public sealed record HostileLimits
    {
        public double CpuS { get; init; }

        public double WallS { get; init; }

        public long MemoryMb { get; init; }

        public int Processes { get; init; }

        public long OutputKb { get; init; }

        public long FileMb { get; init; }

        public ExecutionLimits ToLimits() => new()
        {
            CpuSeconds = CpuS,
            WallSeconds = WallS,
            MemoryBytes = MemoryMb << 20,
            Processes = Processes,
            OutputBytes = OutputKb << 10,
            FileBytes = FileMb << 20,
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}");
}
