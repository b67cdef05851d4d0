using System.Text;

namespace O1Coder.Sandbox.Tests;

public sealed class TextCutTests
{
    [Fact]
    public void Short_texts_stay_as_they_are() => Assert.Equal("a\0\u001b[31mé\n", TextCut.Head("a\0\u001b[31mé\n"));

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("😀")]
    public void Long_texts_are_cut_between_characters_with_a_note(string character)
    {
        var text = string.Concat(Enumerable.Repeat(character, 5000));
        foreach (var cut in new[] { TextCut.Head(text), TextCut.Tail(Encoding.UTF8.GetBytes(text)) })
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(cut), 1900, TextCut.MostBytes);
            Assert.Contains($"part of {Encoding.UTF8.GetByteCount(text)} bytes", cut, StringComparison.Ordinal);
            Assert.DoesNotContain('\ufffd', cut);
        }
    }

    [Fact]
    public void Invalid_bytes_become_replacement_characters_within_the_limit()
    {
        var cut = TextCut.Head(Enumerable.Repeat((byte)0xff, 2000).ToArray());
        Assert.InRange(Encoding.UTF8.GetByteCount(cut), 1900, TextCut.MostBytes);
        Assert.StartsWith("\ufffd", cut, StringComparison.Ordinal);
    }
}
