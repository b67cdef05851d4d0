namespace O1Coder.Coordinator.Tests;

public sealed class FirstFailureTests
{
    [Theory]
    [InlineData("1 2\n", "3\n", "", "1 2: expected 3, got nothing")]
    [InlineData("", "3\n", "4\n", "no input: expected 3, got 4")]
    [InlineData("1", "", "\n7", "1: expected nothing, got 7")]
    [InlineData("assert f(1)", "", "", "assert f(1): WrongAnswer")]
    public void What_is_empty_is_said_to_be(string input, string expected, string actual, string line)
    {
        var test = new V1.TestResult { Verdict = V1.Verdict.WrongAnswer, Input = input, Expected = expected, Actual = actual };
        Assert.Equal(line, FirstFailure.InOneLine(new V1.ExecuteResponse { Verdict = V1.Verdict.WrongAnswer, FirstFailure = test }));
    }

    [Fact]
    public void A_long_line_is_cut_between_characters_and_can_be_logged()
    {
        for (var before = 115; before <= 121; before++)
        {
            var response = new V1.ExecuteResponse
            {
                Verdict = V1.Verdict.RuntimeError,
                Message = new string('x', before) + string.Concat(Enumerable.Repeat("😀", 8)),
            };
            var message = FirstFailure.InOneLine(response);
            Assert.InRange(message.Length, 120, 121);
            Assert.DoesNotContain("\\ufffd", Google.Protobuf.JsonFormatter.Default.Format(new V1.ProgramJudged { Message = message }), StringComparison.Ordinal);
        }
    }
}
