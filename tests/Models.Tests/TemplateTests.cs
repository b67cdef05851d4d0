using System.Text.Json;

namespace O1Coder.Models.Tests;

/// <summary>The Jinja that chat templates use, against another implementation of it, and what is refused.</summary>
public sealed class TemplateTests
{
    [Fact]
    public void Templates_write_what_Jinja_writes()
    {
        using var data = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "templates.json")));
        var messages = data.RootElement.GetProperty("messages").EnumerateArray().Select(message => (object?)new TemplateMap
        {
            ["role"] = message.GetProperty("role").GetString(),
            ["content"] = message.GetProperty("content").GetString(),
        }).ToList();
        Assert.All(data.RootElement.GetProperty("cases").EnumerateArray(), example => Assert.Equal(
            example.GetProperty("output").GetString(),
            Render(example.GetProperty("template").GetString()!, messages)));
    }

    [Theory]
    [InlineData("{{ true }} {{ none }} {{ 1.0 }} {{ [1, 'a', none] }} {{ {'k': \"it's\"} }}", "True None 1.0 [1, 'a', None] {'k': \"it's\"}")]
    [InlineData("{{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }}", "-4 2 3.5")]
    [InlineData("{% generation %}x{% endgeneration %}{{ 4 is divisibleby 2 }}", "xTrue")]
    [InlineData("{{ 'a\U0001F600b'[1] }}{{ 'a\U0001F600b' | length }}", "\U0001F6003")]
    [InlineData("{{ 'abcdef'[::-2] }} {{ 'abcdef'[4:1:-1] }}", "fdb edc")]
    [InlineData("x{#- no -#} y", "xy")]
    [InlineData("{{ 'xaxx'.strip('x') }}{{ 'xa'.lstrip('xa') }}", "a")]
    [InlineData("{{ '%}' }}{{ {'a': {'b': 1}}['a'].b }}", "%}1")]
    public void What_the_other_implementation_writes_otherwise_is_as_Python_has_it(string template, string expected) =>
        Assert.Equal(expected, Render(template, []));

    [Theory]
    [InlineData("{% include 'x' %}", "statement 'include' is not known")]
    [InlineData("{{ x | wordwrap }}", "filter 'wordwrap' is not known")]
    [InlineData("{{ x is sameas y }}", "test 'sameas' is not known")]
    [InlineData("{% if x %}", "the template ends, expected elif or else or endif")]
    [InlineData("a\n{% endif %}", "line 2: statement 'endif' is not known")]
    [InlineData("{{ x ", "a tag is not closed")]
    [InlineData("{# x", "a comment is not closed")]
    [InlineData("{{ 'x }}", "a text is not closed")]
    [InlineData("{{ x ! }}", "'!' is not known")]
    [InlineData("{{ ) }}", "')' closes nothing")]
    [InlineData("{{ + }}", "expected a value")]
    [InlineData("{{ x.y.z }}", "member 'y' of something that is undefined")]
    [InlineData("{{ 'a'.encode() }}", "method 'encode' is not known")]
    [InlineData("{{ 1 + 'a' }}", "+ of values that it is not for: a number and a text")]
    [InlineData("{{ 1 % 0 }}", "a division by 0")]
    [InlineData("{% for i in range(100000000) %}{% endfor %}", "takes more than")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "calls are nested more than")]
    [InlineData("{% set n = namespace(x='aaaaaaaa') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}", "makes more than")]
    [InlineData("{% set n = namespace(x=[]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}", "nested too deeply or is too long")]
    [InlineData("{% set n = namespace(x=[]) %}{% for i in range(40) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x | tojson }}", "nested too deeply or is too long")]
    public void What_is_not_known_or_too_much_is_told(string template, string message)
    {
        var error = Assert.Throws<ModelFormatException>(() => Render(template, []));
        Assert.StartsWith("here ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_has_an_end()
    {
        Assert.Throws<ModelFormatException>(() => Render("{{ " + new string('(', 5000) + "1" + new string(')', 5000) + " }}", []));
        Assert.Throws<ModelFormatException>(() => Render(string.Concat(Enumerable.Repeat("{% if x %}", 5000)), []));
        Assert.Throws<ModelFormatException>(() => Render("{{ " + string.Concat(Enumerable.Repeat("not ", 5000)) + "1 }}", []));
    }

    [Fact]
    public void A_template_may_refuse_a_chat() =>
        Assert.Contains("the model's chat template says: roles must alternate", Assert.Throws<ArgumentException>(
            () => Render("{{ raise_exception('roles must alternate') }}", [])).Message, StringComparison.Ordinal);

    [Fact]
    public void Random_templates_are_refused_or_rendered()
    {
        string[] parts = ["{{", "}}", "{%", "%}", "{#", "#}", " ", "\n", "-", "+", "if", "for", "x", "in", "messages", "set", "=", "endif", "endfor", "else",
            "'a'", "1", "|", "length", "(", ")", "[", "]", "{", "}", ".", "is", "not", "defined", ",", ":", "~", "macro", "endmacro", "\\", "é"];
        var random = new Random(23);
        for (var round = 0; round < 3000; round++)
        {
            var template = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => parts[random.Next(parts.Length)] + (random.Next(2) == 0 ? " " : "")));
            try
            {
                Render(template, []);
            }
            catch (ModelFormatException)
            {
                // The other possibility.
            }
        }
    }

    private static string Render(string template, List<object?> messages) => Template.Read("here", template).Render(new Dictionary<string, object?>
    {
        ["messages"] = messages,
        ["add_generation_prompt"] = true,
        ["bos_token"] = "<s>",
        ["eos_token"] = "</s>",
        ["tools"] = null,
        ["documents"] = null,
    });
}
