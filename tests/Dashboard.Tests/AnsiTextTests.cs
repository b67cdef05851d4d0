using O1Coder.Hosting.Dashboard.ConsoleLogs;

namespace O1Coder.Dashboard.Tests;

public class AnsiTextTests
{
    [Theory]
    [InlineData("plain", "plain||")]
    [InlineData("", "")]
    [InlineData("\u001b[32minfo\u001b[39m: x", "info|ansi-2|/: x||")]
    [InlineData("\u001b[1;31mA\u001b[0mB", "A|ansi-1 ansi-bold|/B||")]
    [InlineData("\u001b[1m\u001b[33mwarn\u001b[39m\u001b[22m: y", "warn|ansi-3 ansi-bold|/: y||")]
    [InlineData("\u001b[97;41mA\u001b[mB", "A|ansi-15 ansi-bg-1|/B||")]
    [InlineData("\u001b[38;5;9mA", "A|ansi-9|")]
    [InlineData("\u001b[38;5;196mA", "A||color:#ff0000")]
    [InlineData("\u001b[48;5;244mA", "A||background:#808080")]
    [InlineData("\u001b[38;2;1;2;255mA", "A||color:#0102ff")]
    [InlineData("\u001b[38:2:1:2:3mA", "A||color:#010203")]
    [InlineData("\u001b[38;2;1;2;300;1mA", "A||")]
    [InlineData("\u001b[7mA\u001b[27mB", "A|ansi-reversed|/B||")]
    [InlineData("\u001b[31;7mA", "A|ansi-bg-1|")]
    [InlineData("\u001b[3;4;9;2mA\u001b[23;24;29;22mB", "A|ansi-faint ansi-italic ansi-underlined ansi-struck|/B||")]
    [InlineData("\u001b[999mA", "A||")]
    [InlineData("\u001b[2K\u001b[?25lA\u001b[10;20HB", "AB||")]
    [InlineData("\u001b]0;title\u0007A\u001b]8;;http://x\u001b\\B", "AB||")]
    [InlineData("\u001b(BA\u001b=B", "AB||")]
    [InlineData("10%\r50%\r100%", "100%||")]
    [InlineData("done\r", "done||")]
    [InlineData("a\tb\0c\u0001", "a\tbc||")]
    [InlineData("cut \u001b", "cut ||")]
    [InlineData("cut \u001b[", "cut ||")]
    [InlineData("cut \u001b[31", "cut ||")]
    [InlineData("cut \u001b]0;never ends", "cut ||")]
    [InlineData("<b>&amp;</b>", "<b>&amp;</b>||")]
    public void A_line_becomes_spans(string line, string expected)
    {
        Assert.Equal(expected, string.Join('/', AnsiText.Parse(line).Select(one => $"{one.Text}|{one.Classes}|{one.Style}")));
        Assert.Equal(string.Concat(AnsiText.Parse(line).Select(one => one.Text)), AnsiText.Plain(line));
    }

    [Fact]
    public void No_line_makes_it_fail_or_leaves_an_escape()
    {
        var random = new Random(7);
        const string Pieces = "\u001b\u001b[[]];;:;m0123489?(\\\u0007\r\t <x>";
        for (var round = 0; round < 20_000; round++)
        {
            var line = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            var text = AnsiText.Plain(line);
            Assert.DoesNotContain('\u001b', text);
            Assert.DoesNotContain('\r', text);
        }
    }
}
