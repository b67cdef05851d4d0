using System.Globalization;

namespace O1Coder.Models;

/// <summary>Names, texts, numbers, lists and mappings.</summary>
internal sealed partial class TemplateExpressions
{
    private Func<TemplateScope, object?> ParsePrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => _ => true,
                    "false" or "False" => _ => false,
                    "none" or "None" => _ => null,
                    var name => scope => scope.Get(name),
                };
            case TemplateTokenKind.String:
                var text = token.Text;
                while (tokens.Next.Kind == TemplateTokenKind.String)
                {
                    text += tokens.Take().Text;
                }

                return _ => text;
            case TemplateTokenKind.Number when long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole):
                return _ => whole;
            case TemplateTokenKind.Number when double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return _ => number;
            case TemplateTokenKind.Operator when token.Text is "(" or "[":
                return ParseList(token.Text == "(" ? ")" : "]");
            case TemplateTokenKind.Operator when token.Text == "{":
                return ParseMap();
            default:
                throw new TemplateException($"line {token.Line}: expected a value, not {(token.Text.Length > 0 ? $"'{token.Text}'" : token.Kind)}");
        }
    }

    private Func<TemplateScope, object?> ParseList(string end)
    {
        var items = new List<Func<TemplateScope, object?>>();
        var comma = false;
        while (!tokens.TakeOperator(end))
        {
            items.Add(Parse());
            if (!tokens.IsOperator(end))
            {
                tokens.RequireOperator(",");
                comma = true;
            }
        }

        // (a) is a, (a,) is a list.
        return end == ")" && items.Count == 1 && !comma ? items[0] : scope => items.ConvertAll(item => item(scope));
    }

    private Func<TemplateScope, object?> ParseMap()
    {
        var entries = new List<(Func<TemplateScope, object?> Key, Func<TemplateScope, object?> Value)>();
        while (!tokens.TakeOperator("}"))
        {
            var key = Parse();
            tokens.RequireOperator(":");
            entries.Add((key, Parse()));
            if (!tokens.IsOperator("}"))
            {
                tokens.RequireOperator(",");
            }
        }

        return scope =>
        {
            var map = new TemplateMap();
            foreach (var (key, value) in entries)
            {
                map[key(scope) as string ?? throw new TemplateException("a mapping's key is no text")] = value(scope);
            }

            return map;
        };
    }
}
