using O1Coder.Sandbox.Plain;

namespace O1Coder.Sandbox.Tests.Plain;

public sealed class PlainEqualityTests
{
    [Theory]
    [InlineData("2", "2.0", true)]
    [InlineData("1", "True", true)]
    [InlineData("0.0", "-0.0", true)]
    [InlineData("0", "-0.0", true)]
    [InlineData("1", "'1'", false)]
    [InlineData("0", "None", false)]
    [InlineData("[1, 2]", "(1, 2)", false)]
    [InlineData("[1, [2]]", "[1.0, [True, 2]]", false)]
    [InlineData("[1, 2]", "{1, 2}", false)]
    [InlineData("{1, (2, 'x')}", "{(2.0, 'x'), True}", true)]
    [InlineData("{1: 'a', 2: 'b'}", "{2: 'b', 1.0: 'a'}", true)]
    [InlineData("{'1': 'a'}", "{1: 'a'}", false)]
    [InlineData("b'x'", "'x'", false)]
    [InlineData("100000000000000000000", "1e20", true)]
    [InlineData("100000000000000000001", "1e20", false)]
    [InlineData("0.3", "0.30000000000000004", false)]
    public void Python_values_equal_as_in_Python(string expected, string actual, bool equal)
    {
        Assert.Equal(equal, new PlainEquality(0, jsonKeys: false).Equal(Python(expected), Python(actual)));
        Assert.Equal(equal, new PlainEquality(0, jsonKeys: false).Equal(Python(actual), Python(expected)));
    }

    [Theory]
    [InlineData("""{"1": "a", "null": 3}""", "{1: 'a', None: 3}", true)]
    [InlineData("""{"1.5": "a"}""", "{1.5: 'a'}", true)]
    [InlineData("""{"1": "a"}""", "{1: 'b', '1': 'a'}", false)]
    [InlineData("[NaN]", "[0.0]", false)]
    [InlineData("1e400", "1e400", true)]
    public void Json_keys_match_what_Json_writes(string expected, string actual, bool equal) =>
        Assert.Equal(equal, new PlainEquality(0, jsonKeys: true).Equal(JsonPlainReader.Read(expected), Python(actual)));

    [Fact]
    public void Nan_equals_nothing_but_within_a_tolerance()
    {
        var nan = JsonPlainReader.Read("NaN");
        Assert.False(new PlainEquality(0, jsonKeys: true).Equal(nan, nan));
        Assert.True(new PlainEquality(1e-6, jsonKeys: true).Equal(nan, nan));
    }

    [Fact]
    public void A_tolerance_reaches_into_lists_and_values_but_not_into_keys()
    {
        var equality = new PlainEquality(1e-6, jsonKeys: true);
        Assert.True(equality.Equal(JsonPlainReader.Read("""[{"a": 0.3}, 1]"""), Python("[{'a': 0.1 }, 1]".Replace("0.1 ", "0.30000001", StringComparison.Ordinal))));
        Assert.False(equality.Equal(JsonPlainReader.Read("[1]"), Python("[1.1]")));
    }

    [Fact]
    public void Lists_in_any_order_hold_each_element_as_often()
    {
        var equality = new PlainEquality(0, jsonKeys: true);
        Assert.True(equality.EqualUnordered(JsonPlainReader.Read("[[1, 2], [3], [3]]"), Python("[[3], [1, 2], [3]]")));
        Assert.False(equality.EqualUnordered(JsonPlainReader.Read("[[1, 2], [3], [3]]"), Python("[[3], [1, 2], [1, 2]]")));
        Assert.False(equality.EqualUnordered(JsonPlainReader.Read("[[1, 2]]"), Python("[[2, 1]]")));
    }

    private static PlainValue Python(string text)
    {
        var reader = new PythonValueReader(text);
        var value = reader.Value();
        Assert.True(value is not null && reader.IsEnd(), text);
        return value;
    }
}
