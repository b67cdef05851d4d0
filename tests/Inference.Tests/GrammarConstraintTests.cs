using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;

namespace O1Coder.Inference.Tests;

public sealed class GrammarConstraintTests
{
    /// <summary>JSON without blanks.</summary>
    public const string Json = """
        # One value.
        root   ::= value
        value  ::= object | array | string | number | "true" | "false" | "null"
        object ::= "{" ( member ("," member)* )? "}"
        member ::= string ":" value
        array  ::= "[" (
            value ("," value)*
          )? "]"
        string ::= "\"" ( [^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}) )* "\""
        number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
        """;

    [Theory]
    [InlineData("root ::= \"a\" \"b\"? [c-e]* | .", "abcd a ac b c é", "ad- b2 abb")]
    [InlineData("root ::= \"(\" root \")\" | \"\"", " () ((()))", "( ) ()() (()")]
    [InlineData("root ::= (\"(\" root \")\")*", " () ()() (()())", "( ) )( (()")]
    [InlineData("root ::= \"a\" root \"a\" | \"b\"", "b aba aabaa", "ab ba aabaaa")]
    [InlineData("root ::= x{2} x{0,1}\nx ::= [0-9] |\n  \"-\"", "12 1-3 --", "1 1234")]
    [InlineData("root ::= \"\\n\\t\\\"\\\\\\x41\\u00e9\\U0001F642\"", "\n\t\"\\Aé🙂", "A")]
    [InlineData("# first\n\nroot ::= a-b c_D # then\na-b ::= \"1\"\r\nc_D ::= \"2\"\n\n# last", "12", "1 2")]
    [InlineData("root ::= e\ne ::= t ((\"+\" | \"-\") t)*\nt ::= \"(\" e \")\" | [0-9]+", "1 1+2 (1-22)+3 ((4))", "+ 1+ (1")]
    [InlineData("root ::= a b \"c\"\na ::= \"a\"?\nb ::= a a", "c ac aaac", "a aaaac b")]
    public void Matches_its_language(string grammar, string inside, string outside)
    {
        var constraint = Constraint.FromGrammar(grammar);
        Assert.All(inside.Split(' '), text => Assert.True(constraint.Matches(text), text));
        Assert.All(outside.Split(' '), text => Assert.False(constraint.Matches(text), text));
    }

    [Theory]
    [InlineData("x ::= \"a\"", "a rule 'root'")]
    [InlineData("root ::= a", "a rule 'a' that is defined at character 9")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "a rule 'root' that is defined once at character 13")]
    [InlineData("root := \"a\"", "'::=' at character 5")]
    [InlineData("root ::= \"a", "'\"' at character 11")]
    [InlineData("root ::= (\"a\"", "')' at character 13")]
    [InlineData("root ::= \"a\")", "the end of the line, '|' or another part at character 12")]
    [InlineData("root ::= [a", "']' at character 11")]
    [InlineData("root ::= \"\\q\"", @"an escape of \n \r \t \xHH \uHHHH \UHHHHHHHH or of punctuation at character 10")]
    [InlineData("root ::= \"\\U00110000\"", "the number of a character at character 12")]
    [InlineData("::= \"a\"", "a rule's name of letters, digits, '-' and '_' at character 0")]
    [InlineData("root ::= root \"a\" | \"b\"", "a rule 'root' that does not begin with itself at character 9")]
    [InlineData("root ::= \"x\" | a\na ::= b \"y\" | \"z\"\nb ::= root? a", "a rule 'root' that does not begin with itself at character 9")]
    [InlineData("root ::= e* root \"a\" | \"b\"\ne ::= \"x\"?", "a rule 'root' that does not begin with itself at character 9")]
    [InlineData("root ::= \"a\" | more\nmore ::= \"b\" more", "a rule 'more' that comes to an end at character 29")]
    [InlineData("root ::= \"a\"**", "no second repetition; group the first at character 13")]
    public void An_error_says_what_was_expected_and_where(string grammar, string expected) =>
        Assert.Equal(expected, Assert.Throws<ConstraintException>(() => Constraint.FromGrammar(grammar)).Expected);

    [Fact]
    public void Too_many_rules_and_parts_are_refused()
    {
        var rules = string.Concat(Enumerable.Range(0, 1024).Select(i => $"r{i} ::= \"a\"\n"));
        Assert.Contains("1024 rules", Refused(rules + "root ::= \"a\""), StringComparison.Ordinal);
        Assert.Contains("65536 states", Refused("root ::= (\"a\"{1000}){1000}"), StringComparison.Ordinal);
        Assert.Contains("200 groups", Refused("root ::= " + new string('(', 300)), StringComparison.Ordinal);

        static string Refused(string grammar) => Assert.Throws<ConstraintException>(() => Constraint.FromGrammar(grammar)).Expected;
    }

    [Fact]
    public void The_grammar_of_JSON_takes_what_the_platforms_reader_takes()
    {
        var constraint = Constraint.FromGrammar(Json);
        Gen.String[Gen.Char["{}[]\",:-+.eE0123\\untrlasé"], 0, 12].Sample(text =>
        {
            Assert.True(IsJson(text) == constraint.Matches(text), text);
        }, iter: 2000);
        string[] texts = ["{}", "[1,2,{\"a\":[]}]", "\"\\u00e9\\n\"", "-0.5e+10", "[[[[[[[[[[]]]]]]]]]]", "01", "{\"a\"}", "[1,]", "\"\n\""];
        Assert.All(texts, text => Assert.True(IsJson(text) == constraint.Matches(text), text));
        var random = new Random(4);
        for (var i = 0; i < 200; i++)
        {
            var match = constraint.RandomMatch(random);
            Assert.True(IsJson(match!), match);
        }
    }

    // A grammar of rules that call each other without recursion is the regular expression with the rules put in.
    [Fact]
    public void Random_grammars_match_what_their_expansions_do() =>
        Gen.Select(Part(4), Gen.String[Gen.Char["ab0é\n"], 0, 6].Array[10], Gen.Int).Sample((part, texts, seed) =>
        {
            var regex = new Regex($@"\A(?:{part.Regex})\z", RegexOptions.NonBacktracking);
            var constraint = Constraint.FromGrammar(string.Join("\n", part.Rules.Distinct().Append($"root ::= {part.Body}")));
            foreach (var text in texts)
            {
                Assert.True(regex.IsMatch(text) == constraint.Matches(text), $"{constraint.Text} on '{text}'");
            }

            var random = new Random(seed);
            for (var i = 0; i < 5; i++)
            {
                var match = constraint.RandomMatch(random);
                Assert.True(match is not null && regex.IsMatch(match), $"{constraint.Text} made '{match}'");
            }
        }, iter: 200);

    private static bool IsJson(string text)
    {
        // Blanks are not in the grammar.
        if (text.Length > 0 && (text[0] is ' ' or '\n' || text[^1] is ' ' or '\n'))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Groups capture for the reason given in RegexConstraintTests.
    private static Gen<(string Regex, string Body, string[] Rules)> Part(int depth)
    {
        var atom = Gen.OneOf(
            (Regex: "a", Body: "\"a\"", Rules: Array.Empty<string>()), ("b0", "\"b0\"", []), ("é", "\"é\"", []), ("[^a]", "[^a]", []), ("[ab]", "[ab]", []),
            ("", "\"\"", []), (@"\n", "\"\\n\"", []));
        if (depth == 0)
        {
            return atom;
        }

        var inner = Part(depth - 1);
        var counts = Gen.OneOf("*", "+", "?", "{2}", "{1,2}", "{0}");
        return Gen.OneOf(
            atom,
            Gen.Select(inner, inner, (left, right) => (left.Regex + right.Regex, $"{left.Body} {right.Body}", Join(left, right))),
            Gen.Select(inner, inner, (left, right) => ($"({left.Regex}|{right.Regex})", $"({left.Body} | {right.Body})", Join(left, right))),
            Gen.Select(inner, counts, (part, count) => ($"({part.Regex}){count}", $"({part.Body}){count}", part.Rules)),
            inner.Select(Named),
            inner.Select(Named));

        static string[] Join((string, string, string[] Rules) left, (string, string, string[] Rules) right) => [.. left.Rules, .. right.Rules];

        static (string, string, string[]) Named((string Regex, string Body, string[] Rules) part)
        {
            // The same body has the same name.
            var name = "r" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(part.Body)), 0, 8);
            return ($"({part.Regex})", name, [.. part.Rules, $"{name} ::= {part.Body}"]);
        }
    }
}
