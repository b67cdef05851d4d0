using System.Text;
using O1Coder.Sandbox.Checking;

namespace O1Coder.Sandbox.Tests.Checking;

public sealed class TokenComparisonTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", " \n\t", true)]
    [InlineData("a b\r\nc", "a\nb c\n\n", true)]
    [InlineData("a b", "ab", false)]
    [InlineData("a", "a a", false)]
    [InlineData("1", "1.0", false)]
    [InlineData("\u00e9", "e\u0301", false)]
    [InlineData("a\u00a0b", "a b", false)]
    [InlineData("A", "a", false)]
    public void Tokens_decide(string left, string right, bool equal)
    {
        Assert.Equal(equal, TokenComparison.Equal(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right)));
        Assert.Equal(equal, TokenComparison.Equal(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(left)));
    }

    [Fact]
    public void Invalid_utf8_is_compared_as_bytes() => Assert.False(TokenComparison.Equal([0xff], [0xfe]));
}
