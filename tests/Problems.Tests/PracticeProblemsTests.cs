using System.Text.RegularExpressions;
using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Tests;

/// <summary>The practice set keeps the promises of problems/README.md; <see cref="PracticeProofTests"/> proves its solutions.</summary>
public sealed partial class PracticeProblemsTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "problems", "practice");

    private static readonly ProblemFolder s_practice = ProblemFolder.Read(s_folder);

    private static readonly ProblemFolder s_starter = ProblemFolder.Read(Path.Combine(AppContext.BaseDirectory, "problems", "starter"));

    [Fact]
    public void There_are_160_from_trivial_to_hard()
    {
        Assert.Equal(160, s_practice.Problems.Count);
        Assert.Equal([30, 60, 50, 20], Difficulties(s_practice.Problems));
        Assert.Equal(30, s_practice.Problems.Count(problem => problem.Mode == ProblemMode.Stdio));
        Assert.Equal(
            Directory.GetFiles(s_folder, "*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            s_practice.Problems.Select(problem => problem.Id));
    }

    [Fact]
    public void A_quarter_of_each_difficulty_is_only_for_evaluations()
    {
        var lines = File.ReadAllLines(Path.Combine(s_folder, ProblemFolder.EvaluationFile)).Where(line => !line.StartsWith('#')).ToList();

        Assert.Equal(40, lines.Count);
        Assert.Equal(lines, s_practice.Evaluation.Select(problem => problem.Id));
        Assert.Equal(120, s_practice.Learn.Count);
        Assert.Equal([8, 15, 12, 5], Difficulties(s_practice.Evaluation));
        Assert.InRange(s_practice.Evaluation.Count(problem => problem.Mode == ProblemMode.Stdio), 7, 8);
    }

    [Fact]
    public void Nothing_stands_twice_not_even_in_the_starter_set()
    {
        IReadOnlyList<Problem> all = [.. s_practice.Problems, .. s_starter.Problems];
        Assert.Equal(184, all.Count);
        Assert.Equal(all.Count, all.Select(problem => problem.Id).Distinct().Count());
        Assert.Equal(all.Count, all.Select(problem => problem.Title).Distinct().Count());
        Assert.Equal(all.Count, all.Select(problem => problem.Statement).Distinct().Count());
        Assert.Equal(all.Count, all.SelectMany(problem => problem.ReferenceSolutions.Take(1)).Distinct().Count());
        var functions = all.Where(problem => problem.Mode == ProblemMode.Function).ToList();
        Assert.Equal(functions.Count, functions.Select(problem => problem.EntryPoint).Distinct().Count());
    }

    [Fact]
    public void No_statement_shares_16_words_in_a_row_with_another()
    {
        var overlap = new NgramOverlap();
        foreach (var problem in s_starter.Problems.Concat(s_practice.Problems))
        {
            overlap.Add(problem.Id, problem.Statement);
        }

        Assert.All(s_practice.Problems, problem =>
            Assert.DoesNotContain(overlap.Find(problem.Statement), match => match.Id != problem.Id));
    }

    [Fact]
    public void The_check_for_16_words_finds_a_sentence_of_the_starter_set()
    {
        var overlap = new NgramOverlap();
        var starter = s_starter.Problems.First(problem => Words(problem.Statement).Count >= 20);
        overlap.Add(starter.Id, starter.Statement);
        var words = Words(starter.Statement);
        var statement = s_practice.Problems[0].Statement;

        Assert.Equal(starter.Id, Assert.Single(overlap.Find($"{statement} {string.Join(", ", words.Skip(2).Take(16)).ToUpperInvariant()}.")).Id);
        Assert.Empty(overlap.Find($"{statement} {string.Join(' ', words.Skip(2).Take(15))}."));
    }

    [Fact]
    public void Each_has_enough_tests_and_no_input_stands_twice() =>
        Assert.All(s_practice.Problems, problem =>
        {
            Assert.InRange(problem.VisibleTests.Count, 3, 4);
            Assert.InRange(problem.HiddenTests.Count, 4, 8);
            var inputs = problem.VisibleTests.Concat(problem.HiddenTests).Select(InputOf).ToList();
            Assert.Equal(inputs.Count, inputs.Distinct().Count());
        });

    [Fact]
    public void Each_assertion_is_one_line_that_compares_one_call_of_the_entry_point_with_a_literal() =>
        Assert.All(s_practice.Problems.Where(problem => problem.Mode == ProblemMode.Function), problem =>
            Assert.All(problem.VisibleTests.Concat(problem.HiddenTests).Cast<AssertionTest>(), test =>
            {
                var code = Quoted().Replace(test.Code, "\"\"");
                Assert.Matches($@"^assert {problem.EntryPoint}\(.*\) == [^=]+$", code);
                Assert.All(Name().Matches(code), name => Assert.Contains(name.Value, new[] { "assert", problem.EntryPoint, "True", "False", "None" }));
                var inferred = PythonSignature.Infer([test])!;
                Assert.Equal(Parameters(problem.Signature), Parameters(inferred));
            }));

    [Fact]
    public void Each_has_a_title_a_short_statement_and_programs_that_differ() =>
        Assert.All(s_practice.Problems, problem =>
        {
            Assert.NotEqual(problem.Id, problem.Title);
            Assert.InRange(problem.Statement.Length, 60, 900);
            Assert.InRange(problem.ReferenceSolutions.Count, 1, 3);
            Assert.NotNull(problem.WrongSolution);
            IReadOnlyList<string> programs = [.. problem.ReferenceSolutions, problem.WrongSolution];
            Assert.Equal(programs.Count, programs.Select(program => Blanks().Replace(program, "")).Distinct().Count());
            if (problem.Mode == ProblemMode.Function)
            {
                Assert.Contains("->", problem.Signature, StringComparison.Ordinal);
                Assert.All(programs, program => Assert.Contains(problem.Signature, program.Split('\n')));
            }
        });

    [Fact]
    public void At_least_half_have_several_reference_solutions() =>
        Assert.InRange(s_practice.Problems.Count(problem => problem.ReferenceSolutions.Count > 1), 80, 160);

    [Fact]
    public void Each_reads_back_the_same() =>
        Assert.All(s_practice.Problems, problem => Assert.Equal(problem, ProblemMarkdown.Parse(ProblemMarkdown.Write(problem), "x.md")));

    private static IEnumerable<int> Difficulties(IReadOnlyList<Problem> problems) =>
        Enum.GetValues<Difficulty>().Select(difficulty => problems.Count(problem => problem.Difficulty == difficulty));

    // Types such as dict[str, int] hold commas too.
    private static int Parameters(string signature)
    {
        var (before, after) = ("", signature);
        while (before != after)
        {
            (before, after) = (after, InnerBrackets().Replace(after, ""));
        }

        return after[after.IndexOf('(')..after.LastIndexOf(')')].Split(',').Length;
    }

    private static IReadOnlyList<string> Words(string text) => [.. Word().Matches(text).Select(match => match.Value)];

    private static string InputOf(TestCase test) => test switch
    {
        StdioTest stdio => stdio.Stdin,
        AssertionTest assertion => assertion.Code[..assertion.Code.LastIndexOf(" == ", StringComparison.Ordinal)],
        _ => throw new InvalidOperationException($"unknown test {test}"),
    };

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Name();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\[[^\[\]]*\]")]
    private static partial Regex InnerBrackets();
}
