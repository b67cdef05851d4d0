using O1Coder.Cli.Display;

namespace O1Coder.Cli.Tests;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain\ntext", "plain\ntext")]
    [InlineData("a\r\nb\rc", "a\nb\nc")]
    [InlineData("\tx", "    x")]
    [InlineData("\u001b[31mred\u0007", "␛[31mred␇")]
    [InlineData("c1 \u009b2J", "c1 \uFFFD2J")]
    [InlineData("\u202eabc\u2066", "\uFFFDabc\uFFFD")]
    [InlineData("\u007f", "\uFFFD")]
    [InlineData("é 漢 😀", "é 漢 😀")]
    public void Clean_shows_what_a_terminal_would_obey(string text, string expected) => Assert.Equal(expected, TerminalText.Clean(text));

    [Fact]
    public void An_unpaired_surrogate_is_replaced() => Assert.Equal("a\uFFFDb", TerminalText.Clean("a\ud800b"));

    [Theory]
    [InlineData("  one\ntwo  ", 100, "one two")]
    [InlineData("abcdef", 4, "abc…")]
    [InlineData("abc def", 5, "abc…")]
    [InlineData("", 4, "")]
    public void OneLine_cuts(string text, int most, string expected) => Assert.Equal(expected, TerminalText.OneLine(text, most));
}
