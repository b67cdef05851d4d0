using O1Coder.Problems;

namespace O1Coder.Coordinator.Tests;

public sealed class PromptTests
{
    private static ProblemView Function(params string[] tests) => new(
        "Add.", ProblemMode.Function, "def add(a, b):", "add", [.. tests.Select(test => new AssertionTest(test))]);

    [Fact]
    public void A_program_and_an_outline_share_the_problem_s_text()
    {
        var code = PromptTexts.User(Function("assert add(1, 2) == 3"), outlineFirst: false);
        var outline = PromptTexts.User(Function("assert add(1, 2) == 3"), outlineFirst: true);
        var shared = code.Zip(outline).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(shared > code.IndexOf("== 3", StringComparison.Ordinal));
        Assert.Contains("def add(a, b):", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_and_output_are_shown_as_examples()
    {
        var view = new ProblemView("Add.", ProblemMode.Stdio, "", null, [new StdioTest("1 2\n", "3\n")]);
        var text = PromptTexts.User(view, outlineFirst: false);
        Assert.Contains("Input:\n```\n1 2\n```\nOutput:\n```\n3\n```", text, StringComparison.Ordinal);
        Assert.Contains("standard input", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_or_long_tests_do_not_flood_the_prompt_and_the_first_is_always_shown()
    {
        var many = PromptTexts.User(Function([.. Enumerable.Range(0, 500).Select(i => $"assert add({i}, 0) == {i}")]), outlineFirst: false);
        Assert.InRange(many.Length, 1000, 4000);
        var huge = PromptTexts.User(Function(new string('x', 9000), "assert second"), outlineFirst: false);
        Assert.Contains("xxxx", huge, StringComparison.Ordinal);
        Assert.DoesNotContain("assert second", huge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n\n", "### Step 2: write the program\n```python\n")]
    [InlineData("```", "python\n")]
    [InlineData("", "\n\n### Step 2: write the program\n```python\n")]
    public void The_program_follows_whatever_ended_the_outline(string endedBy, string opening) =>
        Assert.Equal(opening, PromptTexts.CodeOpening(2, endedBy));

    [Fact]
    public void A_fence_that_ended_an_outline_is_closed_before_it_is_refined() =>
        Assert.StartsWith("\n```\n\n### Step 3: ", PromptTexts.RefineOpening(3, "```"), StringComparison.Ordinal);

    [Fact]
    public async Task What_the_model_adds_after_a_function_is_neither_paid_for_nor_run()
    {
        await using var host = await CoordinatorHost.StartAsync();
        const string Function = "# passes 9\nfrom math import sqrt\n\n# The function.\ndef add(a, b):\n    assert a\n    print(a)\n    return a + b";
        host.Policy.Answer = (_, _, _, _) => Function + "\n\n# Test cases\nassert add(1, 2) == 4\nprint(add(1, 2))\n```";
        var finished = (await host.SolveAsync(Programs.Request()))[^1].Finished;
        Assert.Equal(Function + "\n", finished.Program);
        Assert.Equal(Function.Length + "\n\n# Test".Length, finished.Totals.GeneratedTokens);
    }

    [Fact]
    public void A_program_on_standard_input_may_print_and_have_a_main_part()
    {
        var view = new ProblemView("Add.", ProblemMode.Stdio, "", null, [new StdioTest("1 2\n", "3\n")]);
        Assert.Equal(["```"], Prompts.StopsOf(view, Search.StepAction.Code));
    }
}
