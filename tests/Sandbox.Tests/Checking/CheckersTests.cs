using System.Text;
using O1Coder.Sandbox.Checking;

namespace O1Coder.Sandbox.Tests.Checking;

public sealed class CheckersTests
{
    [Theory]
    [InlineData("a  b\n", "a  b", true)]
    [InlineData("a b", "a  b", false)]
    [InlineData("a\r\n", "a\n", false)]
    [InlineData("a\n\n", "a\n", false)]
    [InlineData("", "\n", true)]
    [InlineData("a ", "a", false)]
    public void Exact_forgives_a_final_newline_alone(string expected, string actual, bool equal) =>
        Assert.Equal(equal, ExactComparison.Equal(Bytes(expected), Bytes(actual)));

    [Theory]
    [InlineData("0.3", "0.30000000000000004", 1e-6, true)]
    [InlineData("0.3", "0.3001", 1e-6, false)]
    [InlineData("1000000", "1000000.5", 1e-6, true)]
    [InlineData("1000000", "1000002", 1e-6, false)]
    [InlineData("1e300", "1.0000001e300", 1e-6, true)]
    [InlineData("0", "-0.0", 1e-6, true)]
    [InlineData("5", "5.0000001", 1e-6, true)]
    [InlineData("nan", "NaN", 1e-6, true)]
    [InlineData("1", "nan", 1, false)]
    [InlineData("nan", "1", 1, false)]
    [InlineData("inf", "Infinity", 1e-6, true)]
    [InlineData("inf", "-inf", 1, false)]
    [InlineData("1e308", "inf", 1, false)]
    [InlineData("1e999", "1e999", 1e-6, true)]
    [InlineData("1 m", "1 n", 1, false)]
    [InlineData("1 2", "1", 1, false)]
    [InlineData("1", "1 2", 1, false)]
    [InlineData("", " \r\n", 1e-6, true)]
    [InlineData("0x10", "16", 1, false)]
    [InlineData("1,5", "15", 1, false)]
    public void Floats_may_differ_by_the_tolerance(string expected, string actual, double tolerance, bool equal) =>
        Assert.Equal(equal, FloatComparison.Equal(Bytes(expected), Bytes(actual), tolerance));

    [Theory]
    [InlineData("a 1\nb 2\n", "b  2\r\n\na 1", true)]
    [InlineData("a\nb\nb\n", "a\na\nb\n", false)]
    [InlineData("a\nb", "a", false)]
    [InlineData("a", "a\nb", false)]
    [InlineData("a b", "b a", false)]
    [InlineData("", "\n \n", true)]
    public void Unordered_compares_lines_in_any_order(string expected, string actual, bool equal) =>
        Assert.Equal(equal, UnorderedComparison.Equal(Bytes(expected), Bytes(actual)));

    [Fact]
    public void Megabytes_are_compared_at_once()
    {
        var lines = Enumerable.Range(0, 500_000).Select(number => $"{number}").ToList();
        var (forward, backward) = (Bytes(string.Join('\n', lines)), Bytes(string.Join('\n', lines.AsEnumerable().Reverse())));
        Assert.True(UnorderedComparison.Equal(forward, backward));
        Assert.False(FloatComparison.Equal(forward, backward, 1e-9));
        Assert.False(FloatComparison.Equal(Bytes(new string('1', 4 << 20)), Bytes(new string('2', 4 << 20)), 1));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
