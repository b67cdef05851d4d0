namespace O1Coder.Problems.Tests;

public sealed class PythonLiteralTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData(" -1_000 ", "-1000")]
    [InlineData("+2.50", "2.50")]
    [InlineData("1E-5", "1e-5")]
    [InlineData(".5", ".5")]
    [InlineData("0x1F", "0x1f")]
    [InlineData("00", "00")]
    [InlineData("True", "True")]
    [InlineData("None", "None")]
    [InlineData("\"a'b\"", "\"a'b\"")]
    [InlineData("'a\"b'", "'a\"b'")]
    [InlineData("'a\\'\"b'", "'a\\'\"b'")]
    [InlineData("\"\\x41\\u00e9\\n\\101\"", "'Aé\\nA'")]
    [InlineData("r'\\d'", "'\\\\d'")]
    [InlineData("'''a\nb'''", "'a\\nb'")]
    [InlineData("[ 1,2 , [] ,]", "[1, 2, []]")]
    [InlineData("(1)", "1")]
    [InlineData("(1,)", "(1,)")]
    [InlineData("()", "()")]
    [InlineData("{}", "{}")]
    [InlineData("set()", "set()")]
    [InlineData("{3, 1, 2}", "{1, 2, 3}")]
    [InlineData("{'b': [1], 'a': {2: 3}}", "{'b': [1], 'a': {2: 3}}")]
    public void Literals_have_one_form(string source, string text)
    {
        var literal = PythonLiteral.Read(source);
        Assert.Equal(text, literal?.Text);
        Assert.Equal(text, PythonLiteral.Read(text)?.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("f(1)")]
    [InlineData("1 + 1")]
    [InlineData("1, 2")]
    [InlineData("1 2")]
    [InlineData("[1 2]")]
    [InlineData("[,]")]
    [InlineData("[1")]
    [InlineData("1]")]
    [InlineData("01")]
    [InlineData("1__0")]
    [InlineData("1.2.3")]
    [InlineData("3j")]
    [InlineData("--1")]
    [InlineData("b'a'")]
    [InlineData("f'{1}'")]
    [InlineData("'a' 'b'")]
    [InlineData("'a\nb'")]
    [InlineData("'\\ud800'")]
    [InlineData("'\\N{DASH}'")]
    [InlineData("'\\q'")]
    [InlineData("{1: 2, 3}")]
    [InlineData("{[1]: 2}")]
    [InlineData("{{1}}")]
    [InlineData("Truest")]
    [InlineData("nan")]
    [InlineData("lambda: 1")]
    [InlineData("1 # one")]
    [InlineData("1 if 1 else 2")]
    public void Everything_else_is_none(string source) => Assert.Null(PythonLiteral.Read(source));

    [Fact]
    public void Deep_and_long_texts_are_refused_quickly()
    {
        Assert.Null(PythonLiteral.Read(new string('[', 8000)));
        Assert.Null(PythonLiteral.Read($"'{new string('a', PythonLiteral.MaxLength)}'"));
        Assert.NotNull(PythonLiteral.Read(new string('[', PythonLiteral.MaxDepth) + new string(']', PythonLiteral.MaxDepth)));
    }

    [Fact]
    public void Dictionaries_filled_in_another_order_are_equal() =>
        Assert.Equal(PythonLiteral.Read("[{'a': 1, 'b': 2}]")!.Key, PythonLiteral.Read("[{'b': 2, 'a': 1}]")!.Key);

    [Fact]
    public void Any_text_is_a_literal_that_reads_as_itself_or_none()
    {
        // Pieces of literals, so that many of the texts are some.
        string[] pieces = ["1", "-", ".5", "e3", "'a'", "\"", "'", "\\n", "\\x41", "[", "]", "(", ")", "{", "}", ",", ":", " ", "True", "None", "\n", "é"];
        var random = new Random(7);
        var literals = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (PythonLiteral.Read(text) is { } literal)
            {
                literals++;
                Assert.Equal(literal, PythonLiteral.Read(literal.Text));
            }
        }

        Assert.True(literals > 500, $"{literals} literals");
    }

    [Fact]
    public void Assertions_on_literals_are_read_and_written()
    {
        var equality = PythonEquality.Read(new AssertionTest("assert f(\"a[b]\", [3],) == {'x': 1}"), "f");
        Assert.Equal(("'a[b]', [3]", "{'x': 1}"), (equality?.Arguments, equality?.Expected.Text));
        Assert.Equal("assert f('a[b]', [3]) == {'x': 1}", equality!.ToTest("f").Code);
        Assert.Equal("assert g() == None", PythonEquality.Read(new AssertionTest("assert g() == None"), "g")!.ToTest("g").Code);
    }

    [Theory]
    [InlineData("assert f(1) != 2")]
    [InlineData("assert not f(1)")]
    [InlineData("assert f(1) == 2, 'why'")]
    [InlineData("assert sorted(f(1)) == [2]")]
    [InlineData("assert f(x) == 2")]
    [InlineData("assert f(a=1) == 2")]
    [InlineData("import math\nassert f(1) == 2")]
    [InlineData("assert 2 == f(1)")]
    [InlineData("assert o.f(1) == 2")]
    public void Assertions_of_another_form_are_not(string code) => Assert.Null(PythonEquality.Read(new AssertionTest(code), "f"));
}
