using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Tests;

public sealed class NgramOverlapTests
{
    private static string Words(int from, int count) => string.Join(' ', Enumerable.Range(from, count).Select(i => $"w{i}"));

    [Fact]
    public void Sixteen_words_in_a_row_are_found_and_fifteen_are_not()
    {
        var overlap = new NgramOverlap();
        overlap.Add("a", "Before. " + Words(1, 20) + " after");
        overlap.Add("b", Words(5, 30));
        overlap.Add("c", Words(1, 15) + " else " + Words(16, 15));

        Assert.Equal([new NgramMatch("a", Words(3, 16)), new NgramMatch("b", Words(5, 16))], overlap.Find($"x {Words(3, 18).ToUpperInvariant().Replace(" ", ", ")}!"));
        Assert.Empty(overlap.Find($"{Words(1, 15)} x {Words(16, 14)}"));
    }

    [Fact]
    public void Short_texts_are_compared_whole()
    {
        var overlap = new NgramOverlap();
        overlap.Add("short", "Add two numbers.");
        overlap.Add("none", "");
        Assert.Equal([new NgramMatch("short", "add two numbers")], overlap.Find("add TWO numbers"));
        Assert.Empty(overlap.Find("add two numbers quickly"));
        Assert.Empty(overlap.Find("..."));
    }

    [Fact]
    public void The_length_may_be_another()
    {
        var overlap = new NgramOverlap(2);
        overlap.Add("a", "one two three");
        Assert.Equal("two three", overlap.Find("zero two three four").Single().Words);
        Assert.Empty(overlap.Find("one three two"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NgramOverlap(0));
    }
}
