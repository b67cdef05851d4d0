using System.Text;
using CsCheck;
using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Tests;

public sealed class StopMatcherTests
{
    [Fact]
    public void Holds_back_what_may_become_a_stop_string()
    {
        var matcher = new StopMatcher(["```\n", "END"]);
        Assert.Equal("x ", matcher.Add("x ``"u8));
        Assert.Equal("", matcher.Add("`"u8));
        Assert.Equal("```py", matcher.Add("py"u8));
        Assert.Equal("", matcher.Add("EN"u8));
        Assert.Equal("EN", matcher.Add("E"u8)[..2]);
        Assert.Null(matcher.Found);
        Assert.Equal("", matcher.Add("ND and more"u8));
        Assert.Equal("END", matcher.Found);
        Assert.Equal("x ```pyEN", matcher.Text);
    }

    [Fact]
    public void Gives_whole_characters_only()
    {
        var matcher = new StopMatcher([]);
        var bytes = "é漢🙂"u8.ToArray();
        var parts = bytes.Select(single => matcher.Add([single]).ToString()).ToArray();

        Assert.Equal(["", "é", "", "", "漢", "", "", "", "🙂"], parts);
    }

    [Fact]
    public void A_character_that_stays_cut_becomes_a_replacement_character()
    {
        var matcher = new StopMatcher([]);
        Assert.Equal("a", matcher.Add([(byte)'a', 0xE6, 0xBC]));
        Assert.Equal("\uFFFD", matcher.Finish());
        Assert.Equal("a\uFFFD", matcher.Text);
    }

    [Fact]
    public void Of_stop_strings_that_end_together_the_longest_counts()
    {
        var matcher = new StopMatcher(["b", "ab"]);
        Assert.Equal("x", matcher.Add("xab"u8));
        Assert.Equal("ab", matcher.Found);
    }

    // However the bytes are cut, text, stop string and the parts' sum are those of the definition.
    [Fact]
    public void Cutting_the_bytes_differently_changes_nothing()
    {
        Gen.Select(Gen.String[Gen.Char["abé漢"], 0, 30], Gen.String[Gen.Char["abé"], 1, 4].Array[0, 3], Gen.Int[1, 5])
            .Sample((text, patterns, size) =>
            {
                var (expected, found) = Define(text, patterns);
                var matcher = new StopMatcher(patterns);
                var parts = new StringBuilder();
                foreach (var chunk in Encoding.UTF8.GetBytes(text).Chunk(size))
                {
                    if (matcher.Found is null)
                    {
                        parts.Append(matcher.Add(chunk));
                    }
                }

                parts.Append(matcher.Finish());
                Assert.Equal((expected, found), (matcher.Text, matcher.Found));
                Assert.Equal(expected, parts.ToString());
            });
    }

    private static (string Text, string? Stop) Define(string text, string[] stops)
    {
        for (var length = 1; length <= text.Length; length++)
        {
            var stop = stops.Where(stop => text[..length].EndsWith(stop, StringComparison.Ordinal)).MaxBy(stop => stop.Length);
            if (stop is not null)
            {
                return (text[..(length - stop.Length)], stop);
            }
        }

        return (text, null);
    }
}
