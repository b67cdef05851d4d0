using System.Text.RegularExpressions;
using CsCheck;

namespace O1Coder.Inference.Tests;

/// <summary>Our automata against System.Text.RegularExpressions.</summary>
public sealed class RegexConstraintTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData(@"a", true)]
    [InlineData(@"^a$", true)]
    [InlineData(@"a|b|", true)]
    [InlineData(@"(?:a|b)+?c{2,3}", true)]
    [InlineData(@"[^a-c\d]x", true)]
    [InlineData(@"[]x]", false)]
    [InlineData(@"[-a][a-]", true)]
    [InlineData(@"\w+\s\S\D\W", true)]
    [InlineData(@"\x41\u00e9\.\*\\\{", true)]
    [InlineData(@"é漢🙂?", true)]
    [InlineData(@"(((a)))", true)]
    [InlineData(@"a{0}b{0,0}", true)]
    [InlineData(@"}]", true)]
    [InlineData(@"[\b\-\]]", true)]
    public void Is_understood_or_refused(string pattern, bool understood)
    {
        if (understood)
        {
            Assert.Equal(pattern, Constraint.FromRegex(pattern).Text);
        }
        else
        {
            Assert.Throws<ConstraintException>(() => Constraint.FromRegex(pattern));
        }
    }

    [Theory]
    [InlineData("a(b", "')' at character 3")]
    [InlineData("ab)", "no ')' without its '(' at character 2")]
    [InlineData("[ab", "']' at character 3")]
    [InlineData("[b-a]", "a range of two characters that does not fall at character 1")]
    [InlineData(@"[\d-z]", "a range of two characters that does not fall at character 1")]
    [InlineData("[]", "a class with at least one character at character 0")]
    [InlineData(@"[^\x00-\uFFFF]\u12", "4 hexadecimal digits at character 18")]
    [InlineData(@"\uD800", "the number of a character at character 2")]
    [InlineData("*a", "something to repeat at character 0")]
    [InlineData("a**", "no second repetition; group the first at character 2")]
    [InlineData("a++", "no second repetition; group the first at character 2")]
    [InlineData("a{3,1}", "a count that does not fall from 3 to 1 at character 1")]
    [InlineData("a{x}", @"a number, or \{ for the character at character 2")]
    [InlineData("{a}", @"something to repeat, or \{ for the character at character 0")]
    [InlineData("a{1,2", "'}' at character 5")]
    [InlineData("a{99999999999}", "a count of at most 65535 at character 2")]
    [InlineData("a^b", "no anchor inside the pattern; the whole answer must match at character 1")]
    [InlineData("(a$)", "no anchor inside the pattern; the whole answer must match at character 2")]
    [InlineData(@"(a)\1", @"an escape of \d \w \s \D \W \S \n \r \t \f \v \xHH \uHHHH or of punctuation at character 3")]
    [InlineData(@"a\b", @"an escape of \d \w \s \D \W \S \n \r \t \f \v \xHH \uHHHH or of punctuation at character 1")]
    [InlineData("a(?=b)", "a plain group or (?:...); there is no lookaround, naming or switching of modes at character 2")]
    [InlineData("(?i)a", "a plain group or (?:...); there is no lookaround, naming or switching of modes at character 1")]
    [InlineData("(?<n>a)", "a plain group or (?:...); there is no lookaround, naming or switching of modes at character 1")]
    [InlineData("a\\", "a character at character 2")]
    public void An_error_says_what_was_expected_and_where(string pattern, string expected)
    {
        var error = Assert.Throws<ConstraintException>(() => Constraint.FromRegex(pattern));

        Assert.Equal(expected, error.Expected);
        Assert.Equal("Constraint", error.ParamName);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a{1,1000}){1,1000}")]
    [InlineData("((((a{9}){99}){999}){9999}){65535}")]
    [InlineData("(){65535}(){65535}")]
    [InlineData("((((((){1000}){1000}){1000}){1000}){1000})*")]
    [InlineData(@"(\w|[^\x00-\x7F]){9999}")]
    public void A_small_pattern_that_stands_for_a_huge_one_is_refused(string pattern) =>
        Assert.Contains("at most 65536 states and edges", Assert.Throws<ConstraintException>(() => Constraint.FromRegex(pattern)).Expected, StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_and_long_texts_are_refused()
    {
        Assert.Contains("200 groups", Assert.Throws<ConstraintException>(
            () => Constraint.FromRegex(new string('(', 50_000) + new string(')', 50_000 - 34_500))).Expected, StringComparison.Ordinal);
        Assert.Contains("not 70000", Assert.Throws<ConstraintException>(() => Constraint.FromRegex(new string('a', 70_000))).Expected, StringComparison.Ordinal);
        Assert.True(Constraint.FromRegex(new string('(', 200) + "a" + new string(')', 200)).Matches("a"));
    }

    // Patterns are made of parts whose meaning is the same in both; texts are random, or made to match.
    [Fact]
    public void Random_patterns_match_what_the_platforms_do() =>
        Gen.Select(Pattern(4), Gen.String[Gen.Char["ab0 é漢\n"], 0, 6].Array[12], Gen.Int).Sample((pattern, texts, seed) =>
        {
            // Without backtracking, which some of these patterns would send the platform's own into for ever.
            var regex = new Regex($@"\A(?:{InAscii(pattern)})\z", RegexOptions.NonBacktracking);
            var constraint = Constraint.FromRegex($"(?:{pattern})");
            foreach (var text in texts)
            {
                Assert.True(regex.IsMatch(text) == constraint.Matches(text), $"{pattern} on '{text}'");
            }

            var random = new Random(seed);
            for (var i = 0; i < 5; i++)
            {
                var match = constraint.RandomMatch(random);
                Assert.True(match is not null && regex.IsMatch(match), $"{pattern} made '{match}'");
            }
        }, iter: 200);

    private static string InAscii(string pattern) => pattern
        .Replace(@"\d", "[0-9]", StringComparison.Ordinal).Replace(@"\D", "[^0-9]", StringComparison.Ordinal)
        .Replace(@"\w", "[0-9A-Za-z_]", StringComparison.Ordinal).Replace(@"\W", "[^0-9A-Za-z_]", StringComparison.Ordinal)
        .Replace(@"\s", @"[\t-\r ]", StringComparison.Ordinal).Replace(@"\S", @"[^\t-\r ]", StringComparison.Ordinal);

    // Groups capture: of repetitions that directly repeat repetitions the platform's simplifier makes others, under which
    // (?:(?:(?:[^a]{1,2}|)){1,2}){2} no longer matches the empty text.
    private static Gen<string> Pattern(int depth)
    {
        var atom = Gen.OneOf("a", "b", "0", " ", "é", "漢", ".", "[ab]", "[^a]", "[a-z0]", "[^é漢]", @"\d", @"\w", @"\s", @"\D", @"\W", @"\S", @"\n");
        if (depth == 0)
        {
            return atom;
        }

        var inner = Pattern(depth - 1);
        var counts = Gen.OneOf("*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "{0}", "*?");
        return Gen.OneOf(
            atom,
            Gen.Select(inner, inner, (left, right) => left + right),
            Gen.Select(inner, inner, (left, right) => $"({left}|{right})"),
            Gen.Select(inner, inner, (left, right) => $"({left}|{right}|)"),
            Gen.Select(inner, counts, (part, count) => $"({part}){count}"));
    }
}
