using System.Globalization;
using System.Text;
using O1Coder.Sandbox.Plain;

namespace O1Coder.Sandbox.Tests.Plain;

public sealed class PlainReadingTests
{
    [Theory]
    [InlineData("assert f(1) == 2", "f", "[1]", "2", false)]
    [InlineData("  assert f('a', [1, (2,)], {'k': None}) == {1, 2}  ", "f", "['a', [1, (2,)], {'k': None}]", "{1, 2}", false)]
    [InlineData("assert f() is None", "f", "[]", "None", true)]
    [InlineData("assert f(-1.5e3, 0x1f, r'\\n', 'a' \"b\") == '\\x41\\u00e9', 'why'", "f", "[-1500.0, 31, '\\\\n', 'ab']", "'Aé'", false)]
    [InlineData("assert f(\n  [1,\n   2]) == (3)", "f", "[[1, 2]]", "3", false)]
    public void A_plain_assertion_is_a_call_and_a_value(string code, string entry, string arguments, string expected, bool byIdentity)
    {
        var read = PlainAssertion.Read(code);
        Assert.NotNull(read);
        Assert.Equal((entry, arguments, expected, byIdentity), (read.Entry, $"{read.Arguments}", $"{read.Expected}", read.ByIdentity));
    }

    [Theory]
    [InlineData("assert f(x) == 2")]
    [InlineData("assert f(1) == 2 or True")]
    [InlineData("assert f(1) == 2\nassert f(2) == 3")]
    [InlineData("assert f(1) == 2; x = 1")]
    [InlineData("assert f(*[1]) == 2")]
    [InlineData("assert f(a=1) == 2")]
    [InlineData("assert f(1) == g(2)")]
    [InlineData("assert f(1) == 1j")]
    [InlineData("assert f(1) == 2 == 2")]
    [InlineData("assert f(1) is 2")]
    [InlineData("assert f(1) is not None")]
    [InlineData("assert f(1)[0] == 2")]
    [InlineData("assert not f(1)")]
    [InlineData("assert len([1]) == 1")]
    [InlineData("assert P(1) == 2")]
    [InlineData("assert f('\\N{DASH}') == 2")]
    [InlineData("assert f({1: 2, True: 3}) == 2")]
    [InlineData("assert f({[1]}) == 2")]
    [InlineData("assert f(010) == 2")]
    [InlineData("assert f('a\nb') == 2")]
    [InlineData("assert f(1) == 'open")]
    [InlineData("x = f(1)")]
    [InlineData("")]
    public void Anything_else_is_left_to_who_can_evaluate_it(string code) => Assert.Null(PlainAssertion.Read(code));

    [Theory]
    [InlineData("", "a value")]
    [InlineData("[1,]", "a value")]
    [InlineData("[1 2]", "',' or ']'")]
    [InlineData("01", "a number without a leading zero")]
    [InlineData("""{"a": 1, "a": 2}""", "a name that is not there yet")]
    [InlineData("\"\u0001\"", "a closing quote")]
    [InlineData("1 1", "the end")]
    public void Json_that_is_none_is_told_from_where(string text, string expected)
    {
        var exception = Assert.Throws<PlainFormatException>(() => JsonPlainReader.Read(text));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_of_any_depth_is_bounded() =>
        Assert.Throws<PlainFormatException>(() => JsonPlainReader.Read(new string('[', 1_000_000)));

    [Theory]
    [InlineData("0.1")]
    [InlineData("1e+16")]
    [InlineData("1234567890123456.0")]
    [InlineData("0.0001")]
    [InlineData("1e-05")]
    [InlineData("-2.5e-300")]
    [InlineData("1.7976931348623157e+308")]
    [InlineData("5e-324")]
    [InlineData("-0.0")]
    [InlineData("100.0")]
    [InlineData("inf")]
    [InlineData("nan")]
    public void Floats_are_shown_as_Python_shows_them(string text) => Assert.Equal(text, $"{FloatText.Read(text)}");

    [Theory]
    [InlineData("""[null, true, false, 0, -255, 123456789012345678901234567890, 1.5, "é😀\ud800", {"a": [1], "": {}}]""")]
    public void Values_survive_the_way_to_a_box_and_back(string json)
    {
        var value = JsonPlainReader.Read(json);
        var frame = Assert.Single(WireReader.ReadFrames(WireWriter.Frame(value)));
        Assert.Equal($"{value}", $"{Assert.Single(frame.Items)}");
        Assert.Equal($"{value}", $"{JsonPlainReader.Read(PlainText.Json(value))}");
    }

    [Theory]
    [InlineData("l1:")]
    [InlineData("l99999999:")]
    [InlineData("s5:abc")]
    [InlineData("i0:")]
    [InlineData("i2:zz")]
    [InlineData("f3:abc")]
    [InlineData("Q3:1 0")]
    [InlineData("s1:\u00ff")]
    [InlineData("N N")]
    [InlineData("d1:N")]
    [InlineData("P1:N")]
    [InlineData("x1:a")]
    [InlineData("")]
    public void What_a_hostile_box_sends_is_malformed_and_no_more(string text)
    {
        var data = Encoding.Latin1.GetBytes(text);
        byte[] frame = [0, 0, 0, (byte)data.Length, .. data];
        Assert.Throws<PlainFormatException>(() => WireReader.ReadFrames(frame));
    }

    [Fact]
    public void A_frame_nests_and_ends_within_bounds()
    {
        var deep = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("l1:", 100_000)) + "N");
        byte[] frame = [.. BitConverter.GetBytes(deep.Length).Reverse(), .. deep];
        Assert.Contains("deep", Assert.Throws<PlainFormatException>(() => WireReader.ReadFrames(frame)).Message, StringComparison.Ordinal);
        Assert.Throws<PlainFormatException>(() => WireReader.ReadFrames(frame.AsMemory(0, 100)));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"<a number of {8_000_001} bits>"), $"{PlainValue.OfInteger(System.Numerics.BigInteger.One << 8_000_000)}");
    }
}
