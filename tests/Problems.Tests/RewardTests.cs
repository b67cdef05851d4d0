namespace O1Coder.Problems.Tests;

public sealed class RewardTests
{
    [Theory]
    [InlineData(0.0, true, 3, 4, 0.75)]
    [InlineData(0.0, true, 0, 4, 0.0)]
    [InlineData(0.2, true, 0, 4, 0.2)]
    [InlineData(0.2, true, 2, 4, 0.6)]
    [InlineData(0.2, false, 0, 4, 0.0)]
    [InlineData(1.0, true, 0, 1, 1.0)]
    [InlineData(0.3, true, 5, 5, 1.0)]
    public void Outcome_reward_mixes_compiling_and_passing(double alpha, bool compiles, int passed, int total, double expected) =>
        Assert.Equal(expected, new OutcomeReward(alpha).Value(compiles, passed, total), 1e-12);

    [Fact]
    public void Verdicts_that_say_nothing_give_no_reward()
    {
        var reward = new OutcomeReward(0.2);

        Assert.Null(reward.Value(Verdict.InternalError, 0, 4));
        Assert.Null(reward.Value(Verdict.Unspecified, 4, 4));
        Assert.Equal(0.0, reward.Value(Verdict.CompileError, 0, 4));
        Assert.Equal(0.2, reward.Value(Verdict.TimeLimit, 0, 4)!.Value, 1e-12);
        Assert.Equal(0.6, reward.Value(Verdict.WrongAnswer, 2, 4)!.Value, 1e-12);
        Assert.Equal(1.0, reward.Value(Verdict.Accepted, 4, 4));
    }

    [Fact]
    public void Outcome_reward_refuses_what_cannot_be()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OutcomeReward(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OutcomeReward(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OutcomeReward(double.NaN));
        var reward = new OutcomeReward(0.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => reward.Value(true, 5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => reward.Value(true, -1, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => reward.Value(true, 0, 0));
        Assert.Throws<ArgumentException>(() => reward.Value(false, 1, 4));
        Assert.Throws<ArgumentException>(() => reward.Value(Verdict.CompileError, 1, 4));
    }

    [Fact]
    public void Verdicts_are_those_of_the_contract()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "common.proto"));
        var contract = System.Text.RegularExpressions.Regex.Matches(text, @"VERDICT_([A-Z_]+) = (\d+);")
            .Select(match => (match.Groups[1].Value.Replace("_", ""), int.Parse(match.Groups[2].Value)));

        Assert.Equal(contract, Enum.GetValues<Verdict>().Select(verdict => (verdict.ToString().ToUpperInvariant(), (int)verdict)));
    }

    // n, c, k and value of every case of kind pass_at_k in the shared reference numbers; tolerance 1e-6 as stated there.
    [Theory]
    [InlineData(179, 136, 55, 1.0)]
    [InlineData(106, 50, 64, 1.0)]
    [InlineData(101, 19, 82, 1.0)]
    [InlineData(25, 7, 4, 0.7581027667984189)]
    [InlineData(88, 33, 70, 1.0)]
    [InlineData(188, 164, 85, 1.0)]
    public void Pass_at_k_equals_the_reference(int samples, int correct, int k, double expected) =>
        Assert.Equal(expected, PassAtK.Estimate(samples, correct, k), 1e-6);

    [Theory]
    [InlineData(10, 0, 3, 0.0)]
    [InlineData(10, 3, 1, 0.3)]
    [InlineData(4, 2, 2, 1.0 - (1.0 / 6.0))]
    [InlineData(5, 5, 5, 1.0)]
    [InlineData(1, 0, 1, 0.0)]
    public void Pass_at_k_equals_counting_by_hand(int samples, int correct, int k, double expected) =>
        Assert.Equal(expected, PassAtK.Estimate(samples, correct, k), 1e-12);

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(4, 5, 1)]
    [InlineData(4, -1, 1)]
    [InlineData(4, 1, 0)]
    [InlineData(4, 1, 5)]
    public void Pass_at_k_refuses_what_cannot_be(int samples, int correct, int k) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Estimate(samples, correct, k));

    [Theory]
    [InlineData(1, 1, 1, HeldOut.Shared)]
    [InlineData(2, 1, 1, HeldOut.LastThird)]
    [InlineData(3, 2, 1, HeldOut.LastThird)]
    [InlineData(5, 4, 1, HeldOut.LastThird)]
    [InlineData(6, 4, 2, HeldOut.LastThird)]
    [InlineData(10, 7, 3, HeldOut.LastThird)]
    public void The_last_third_is_held_out(int count, int visible, int hidden, HeldOut rule)
    {
        TestCase[] tests = [.. Enumerable.Range(0, count).Select(i => new StdioTest($"{i}", ""))];

        var split = TestSplit.Of(new TestSet(tests, []));

        Assert.Equal(tests[..visible], split.Visible);
        Assert.Equal(tests[^hidden..], split.Hidden);
        Assert.Equal(rule, split.Rule);
    }

    [Fact]
    public void Given_hidden_tests_stay()
    {
        TestCase[] visible = [new StdioTest("1", "")];
        TestCase[] hidden = [new StdioTest("2", "")];

        var split = TestSplit.Of(new TestSet(visible, hidden));

        Assert.Equal(visible, split.Visible);
        Assert.Equal(hidden, split.Hidden);
        Assert.Equal(HeldOut.Given, split.Rule);
        Assert.Throws<ArgumentException>(() => TestSplit.Of(new TestSet([], hidden)));
    }
}
