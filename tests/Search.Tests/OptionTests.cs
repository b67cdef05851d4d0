namespace O1Coder.Search.Tests;

public sealed class OptionTests
{
    public static TheoryData<string, SearchOptions> Wrong => new()
    {
        { "method is '9'", new SearchOptions { Method = "9" } },
        { "Exploration is '-1'", new SearchOptions { Exploration = -1 } },
        { "Exploration is 'NaN'", new SearchOptions { Exploration = double.NaN } },
        { "SamplesPerExpansion is '17'", new SearchOptions { SamplesPerExpansion = 17 } },
        { "MaxDepth is '0'", new SearchOptions { MaxDepth = 0 } },
        { "CompileWeight is '1.5'", new SearchOptions { CompileWeight = 1.5 } },
        { "SamplesPerRequest is '65'", new SearchOptions { SamplesPerRequest = 65 } },
        { "ActionPlan.Root is ''", new SearchOptions { Plan = ActionPlan.Paper with { Root = [] } } },
        { "ActionPlan.Root is 'Refine'", new SearchOptions { Plan = ActionPlan.Paper with { Root = [StepAction.Refine] } } },
        { "ActionPlan.Step is 'Root'", new SearchOptions { Plan = ActionPlan.Paper with { Step = [StepAction.Root] } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named_with_its_value(string message, SearchOptions options)
    {
        var error = Assert.Throws<ArgumentException>(options.Validate);
        Assert.StartsWith(message + ": expected ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_budget_is_named_with_its_value()
    {
        Assert.StartsWith("Rollouts is '0': expected", Assert.Throws<ArgumentException>(new SearchBudget { Rollouts = 0 }.Validate).Message, StringComparison.Ordinal);
        Assert.StartsWith("Tokens is '-1': expected", Assert.Throws<ArgumentException>(new SearchBudget { Tokens = -1 }.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generator_is_SplitMix64()
    {
        // First outputs for seed 1234567, as published with the algorithm's reference code.
        var generator = new SplitMix64(1234567);
        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL],
            new[] { generator.Next(), generator.Next(), generator.Next() });
        Assert.NotEqual(SplitMix64.Mix(1, 2, 3), SplitMix64.Mix(1, 3, 2));
    }
}
