using System.Security.Cryptography;
using System.Text;

namespace O1Coder.SelfPlay.Tests;

/// <summary>What the scripted services share.</summary>
internal static class Fakes
{
    public static V1.TestCase Test(string code) => new() { Assertion = new V1.AssertionTest { Code = code } };

    public static void WriteAdapter(string folder, string content)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in PlayFolder.AdapterFiles)
        {
            File.WriteAllText(Path.Combine(folder, file), content);
        }
    }

    public static string VersionOf(string folder) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(PlayFolder.AdapterFiles.Select(file => File.ReadAllText(Path.Combine(folder, file)))))))[..16];

    public static V1.Problem Problem(string id)
    {
        var problem = new V1.Problem
        {
            Id = id,
            Title = $"Add, {id}",
            Statement = $"Return the sum of two numbers ({id}).",
            Mode = V1.ProblemMode.Function,
            Signature = "def add(a, b):",
            Language = V1.Language.Python,
            ReferenceSolutions = { "def add(a, b):\n    return a + b\n" },
        };
        problem.VisibleTests.AddRange([Test("assert add(0, 1) == 1"), Test("assert add(1, 1) == 2")]);
        problem.HiddenTests.AddRange([Test("assert add(0, 7000) == 7000"), Test("assert add(1, 7000) == 7001")]);
        return problem;
    }

    public static V1.PlayRequest Request(string run = "", int problems = 3, int iterations = 1, ulong seed = 5)
    {
        var request = new V1.PlayRequest { Run = run, Settings = new V1.SelfPlaySettings { Iterations = iterations, Quick = true, Seed = seed } };
        request.Problems.AddRange(Enumerable.Range(0, problems).Select(i => Problem($"learn-{i}")));
        request.EvaluationProblems.AddRange(Enumerable.Range(0, 3).Select(i => Problem($"held-{i}")));
        return request;
    }
}
