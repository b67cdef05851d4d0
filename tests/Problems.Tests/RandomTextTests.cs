namespace O1Coder.Problems.Tests;

public sealed class RandomTextTests
{
    private const int Rounds = 4_000;

    private const string Any = "ab1 `~#>-\n\t\\\"'é漢";

    private static readonly string[] s_pieces =
    [
        "---\n", "title: T\n", "mode: function\n", "mode: stdio\n", "id: x\n", "difficulty: easy\n", "signature: \"def f(a):\"\n",
        "Do it.\n", "\n", "# Head\n", "## Visible tests\n", "## Hidden tests\n", "## Reference solution\n", "## Wrong solution\n",
        "```python\n", "```\n", "```input\n", "```output\n", "~~~\n", "assert f(1) == 1\n", "assert f(\n", ")\n", "'", "\"\"\"", "\\\n",
        "import x\n", "; ", "> ", "- ", "\t", "[a]: b\n", "&*!{[", "\u2028", "é", "\uD800", "\r",
    ];

    [Fact]
    public void Reading_any_text_gives_a_problem_or_one_clear_line()
    {
        var random = new Random(20_261);
        var read = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var text = i % 2 == 0 ? Pieces(random) : Mutate(ProblemMarkdownTests.Add, random);
            if (TryParse(text) is { } problem)
            {
                Assert.NotEmpty(problem.VisibleTests);
                Assert.NotEmpty(problem.Statement);
                Assert.Equal(ProblemMarkdown.Canonical(problem), ProblemMarkdown.Parse(ProblemMarkdown.Write(problem), "y.md"));
                read++;
            }
        }

        // Both ways are taken often, or the test shows little.
        Assert.InRange(read, Rounds / 50, Rounds / 2);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var random = new Random(20_262);
        for (var i = 0; i < Rounds / 4; i++)
        {
            var problem = new Problem
            {
                Id = Text(random, "ab9-_", 1, 64),
                Title = "T" + Text(random, "a1 :#'\"\\[]{}é漢&*!|>%@`-", 0, 20),
                Statement = "Do this: " + Text(random, "ab1 #>-\n\t\\\"'é漢", 0, 60),
                Difficulty = (Difficulty)random.Next(4),
                Mode = ProblemMode.Stdio,
                VisibleTests = Tests(random, 1),
                HiddenTests = Tests(random, 0),
                ReferenceSolution = "x = 1\n" + Text(random, "ab1 `~#>-\n\t\\\"'é漢", 0, 60),
            };
            var canonical = ProblemMarkdown.Canonical(problem);

            Assert.Equal(canonical, ProblemMarkdown.Parse(ProblemMarkdown.Write(problem), "other.md"));
            Assert.Equal(canonical, ProblemMarkdown.Canonical(canonical));
        }
    }

    [Fact]
    public void A_problem_that_the_format_cannot_hold_is_refused()
    {
        var good = new Problem { Id = "x", Title = "T", Statement = "Do.", Mode = ProblemMode.Stdio, VisibleTests = [new StdioTest("", "1")] };
        var assertion = new AssertionTest("assert f(1)");

        Assert.NotEmpty(ProblemMarkdown.Write(good));
        Problem[] bad =
        [
            good with { Id = "" },
            good with { Id = "a b" },
            good with { Title = "two\nlines" },
            good with { Statement = " " },
            good with { Statement = "Do.\n\n## Hidden tests\n" },
            good with { Statement = "```\nopen" },
            good with { VisibleTests = [] },
            good with { VisibleTests = [assertion] },
            good with { HiddenTests = [assertion] },
            good with { Signature = "def f(a):" },
            good with { Mode = ProblemMode.Function, Signature = "def f(a):" },
            good with { Mode = ProblemMode.Function, Signature = "def f(a):", VisibleTests = [new AssertionTest("f(1)")] },
            good with { Mode = ProblemMode.Function, Signature = "def f(a):", VisibleTests = [new AssertionTest("assert f(1); assert f(2)")] },
            good with { Mode = ProblemMode.Function, Signature = "def g(a):", VisibleTests = [assertion] },
            good with { Mode = ProblemMode.Function, Signature = "def f(a)", VisibleTests = [assertion] },
            good with { ReferenceSolution = "" },
        ];
        Assert.All(bad, problem => Assert.Throws<ProblemFormatException>(() => ProblemMarkdown.Write(problem)));
    }

    private static Problem? TryParse(string text)
    {
        try
        {
            return ProblemMarkdown.Parse(text, "x.md");
        }
        catch (ProblemFormatException fault)
        {
            Assert.DoesNotContain('\n', fault.Message);
            return null;
        }
    }

    private static string Pieces(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));

    private static string Mutate(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(lines.Count);
            var piece = s_pieces[random.Next(s_pieces.Length)];
            switch (random.Next(4))
            {
                case 0: lines.RemoveAt(at); break;
                case 1: lines.Insert(at, lines[random.Next(lines.Count)]); break;
                case 2: lines.Insert(at, piece.TrimEnd('\n')); break;
                default: lines[at] = lines[at].Insert(random.Next(lines[at].Length + 1), piece); break;
            }
        }

        return string.Join('\n', lines);
    }

    private static TestCase[] Tests(Random random, int least) =>
        [.. Enumerable.Range(0, random.Next(least, 4)).Select(_ => new StdioTest(Text(random, Any, 0, 60), Text(random, Any, 0, 60)))];

    private static string Text(Random random, string letters, int least, int most) =>
        new([.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => letters[random.Next(letters.Length)])]);
}
