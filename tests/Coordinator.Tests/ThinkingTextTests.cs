using O1Coder.Problems;

namespace O1Coder.Coordinator.Tests;

public sealed class ThinkingTextTests
{
    private static readonly ProblemView s_problem = new(
        "Add.", ProblemMode.Function, "def add(a, b):", "add", [new AssertionTest("assert add(1, 2) == 3")]);

    [Fact]
    public void Every_text_begins_with_the_problem_as_a_program_s_prompt_does()
    {
        var direct = PromptTexts.User(s_problem, outlineFirst: false);
        var problem = PromptTexts.ProblemOf(s_problem);
        Assert.StartsWith(problem, direct, StringComparison.Ordinal);
        string[] texts =
        [
            ThinkingTexts.ThoughtsFirst(s_problem), ThinkingTexts.Improve(s_problem, "p", "f"), ThinkingTexts.Fix(s_problem, "p", "f"),
            ThinkingTexts.Rewrite(s_problem, "p", "f", "c"), ThinkingTexts.WhyItFails(s_problem, ["t"], "p", "f"), ThinkingTexts.Critique(s_problem, "p", "f"),
        ];
        Assert.All(texts, text => Assert.StartsWith(problem, text, StringComparison.Ordinal));
        Assert.All(texts.Skip(1), text => Assert.Contains("```python\np\n```", text, StringComparison.Ordinal));
        Assert.DoesNotContain("fails a test", ThinkingTexts.Critique(s_problem, "p", ""), StringComparison.Ordinal);
        Assert.Equal(ThinkingTexts.Wording(s_problem).Count, ThinkingTexts.Wording(s_problem).Distinct().Count());
    }

    [Theory]
    [InlineData("\n\n", "### Step 2: think\n")]
    [InlineData("```", "\n```\n\n### Step 2: think\n")]
    [InlineData("", "\n\n### Step 2: think\n")]
    public void A_thought_follows_whatever_ended_the_one_before(string endedBy, string opening) =>
        Assert.Equal(opening, ThinkingTexts.ThoughtOpening(2, endedBy, null));

    [Fact]
    public void A_short_failure_is_shown_whole()
    {
        const string failure = "Verdict:\nWrongAnswer\nInput:\nx\nline 1 (call): def f(x):\nline 2 (line): return x\n";
        Assert.Equal(failure, ThinkingTexts.Cut(failure, 32768));
        Assert.Equal("", ThinkingTexts.Cut("", 32768));
    }

    [Fact]
    public void A_long_output_is_cut_and_the_trace_after_it_stays()
    {
        var failure = "Input:\n" + new string('x', 100_000) + "\nline 1 (call): def f(x):\n";
        var cut = ThinkingTexts.Cut(failure, 1_000_000);
        Assert.InRange(cut.Length, 3 * ThinkingTexts.MostTestTokens, (3 * ThinkingTexts.MostTestTokens) + 40);
        Assert.EndsWith("…\nline 1 (call): def f(x):\n", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_trace_is_cut_by_two_numbers_and_by_the_context()
    {
        static string Trace(int characters) => "Input:\nx\n" + string.Concat(Enumerable.Range(0, (characters / 20) + 1).Select(i => $"line {i % 10} (line): x += 1\n"));
        var most = 3 * ThinkingTexts.MostFailureTokens;
        Assert.InRange(ThinkingTexts.Cut(Trace(most * 2), 1_000_000).Length, 3 * ThinkingTexts.CutFailureTokens, (3 * ThinkingTexts.CutFailureTokens) + 2);
        var between = Trace(most / 2);
        Assert.InRange(between.Length, 3 * ThinkingTexts.CutFailureTokens / 2, most);
        Assert.Equal(between, ThinkingTexts.Cut(between, 1_000_000));
        Assert.InRange(ThinkingTexts.Cut(between, 2048).Length, 1500, 3 * 512 + 2);
    }

    [Fact]
    public void Halves_of_a_letter_are_not_told() =>
        Assert.DoesNotContain(ThinkingTexts.Cut(string.Concat(Enumerable.Repeat("😀", 9000)), 32768).EnumerateRunes(), rune => rune.Value == 0xFFFD);
}
