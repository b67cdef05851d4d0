namespace O1Coder.Models;

/// <summary>Parses a template's expressions into functions of a scope.</summary>
internal sealed partial class TemplateExpressions(TemplateTokens tokens)
{
    private static readonly string[] s_comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    // What may follow a test's name without being its argument.
    private static readonly string[] s_keywords = ["and", "or", "not", "is", "in", "if", "else"];

    /// <summary>An expression, with a condition or without.</summary>
    public Func<TemplateScope, object?> Parse() => tokens.Nested(() =>
    {
        var value = ParseOr();
        while (tokens.TakeName("if"))
        {
            var (then, condition) = (value, ParseOr());
            var otherwise = tokens.TakeName("else") ? Parse() : _ => Undefined.Value;
            value = scope => TemplateValues.IsTrue(condition(scope)) ? then(scope) : otherwise(scope);
        }

        return value;
    });

    /// <summary>An expression in which <c>if</c> belongs to what is around it.</summary>
    public Func<TemplateScope, object?> ParseOr()
    {
        var left = ParseAnd();
        while (tokens.TakeName("or"))
        {
            var (first, second) = (left, ParseAnd());
            left = scope =>
            {
                var value = first(scope);
                return TemplateValues.IsTrue(value) ? value : second(scope);
            };
        }

        return left;
    }

    /// <summary>An expression, or several with commas between, which are a list.</summary>
    public Func<TemplateScope, object?> ParseTuple()
    {
        var first = Parse();
        if (!tokens.IsOperator(","))
        {
            return first;
        }

        var items = new List<Func<TemplateScope, object?>> { first };
        while (tokens.TakeOperator(","))
        {
            items.Add(Parse());
        }

        return scope => items.ConvertAll(item => item(scope));
    }

    /// <summary>Arguments in brackets, the opening one taken.</summary>
    public Func<TemplateScope, TemplateArguments> ParseArguments()
    {
        var positional = new List<Func<TemplateScope, object?>>();
        var named = new List<(string Name, Func<TemplateScope, object?> Value)>();
        while (!tokens.TakeOperator(")"))
        {
            if (tokens.Next.Kind == TemplateTokenKind.Name && tokens.Is(TemplateTokenKind.Operator, "=", ahead: 1))
            {
                var name = tokens.Take().Text;
                tokens.Take();
                named.Add((name, Parse()));
            }
            else
            {
                positional.Add(Parse());
            }

            if (!tokens.IsOperator(")"))
            {
                tokens.RequireOperator(",");
            }
        }

        return scope =>
        {
            var byName = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (name, value) in named)
            {
                byName[name] = value(scope);
            }

            return new TemplateArguments(positional.ConvertAll(value => value(scope)), byName);
        };
    }

    private Func<TemplateScope, object?> ParseAnd()
    {
        var left = ParseNot();
        while (tokens.TakeName("and"))
        {
            var (first, second) = (left, ParseNot());
            left = scope =>
            {
                var value = first(scope);
                return TemplateValues.IsTrue(value) ? second(scope) : value;
            };
        }

        return left;
    }

    private Func<TemplateScope, object?> ParseNot()
    {
        if (!tokens.TakeName("not"))
        {
            return ParseComparison();
        }

        var value = tokens.Nested(ParseNot);
        return scope => !TemplateValues.IsTrue(value(scope));
    }

    private Func<TemplateScope, object?> ParseComparison()
    {
        var left = ParseSum();
        var rest = new List<(string Operator, Func<TemplateScope, object?> Value)>();
        while (true)
        {
            if (tokens.Next.Kind == TemplateTokenKind.Operator && s_comparisons.Contains(tokens.Next.Text))
            {
                rest.Add((tokens.Take().Text, ParseSum()));
            }
            else if (tokens.TakeName("in"))
            {
                rest.Add(("in", ParseSum()));
            }
            else if (tokens.IsName("not") && tokens.Is(TemplateTokenKind.Name, "in", ahead: 1))
            {
                tokens.Take();
                tokens.Take();
                rest.Add(("not in", ParseSum()));
            }
            else
            {
                break;
            }
        }

        return rest.Count == 0 ? left : scope =>
        {
            var value = left(scope);
            foreach (var (name, next) in rest)
            {
                var other = next(scope);
                if (!TemplateValues.Compare(name, value, other))
                {
                    return false;
                }

                value = other;
            }

            return true;
        };
    }

    private Func<TemplateScope, object?> ParseSum() => ParseChain(["+", "-"], () => ParseChain(["~"], ParseProduct));

    private Func<TemplateScope, object?> ParseProduct() => ParseChain(["*", "/", "//", "%"], ParseSigned);

    private Func<TemplateScope, object?> ParseChain(string[] operators, Func<Func<TemplateScope, object?>> parse)
    {
        var left = parse();
        while (tokens.Next.Kind == TemplateTokenKind.Operator && operators.Contains(tokens.Next.Text))
        {
            var (name, first, second) = (tokens.Take().Text, left, parse());
            left = scope =>
            {
                var result = TemplateValues.Calculate(name, first(scope), second(scope));
                scope.Run.Count(result);
                return result;
            };
        }

        return left;
    }

    private Func<TemplateScope, object?> ParseSigned()
    {
        if (tokens.TakeOperator("-"))
        {
            var value = ParseMember(ParsePrimary());
            return ParseFilters(scope => TemplateValues.Calculate("-", 0L, value(scope)));
        }

        tokens.TakeOperator("+");
        return ParseFilters(ParseMember(ParsePrimary()));
    }

    private Func<TemplateScope, object?> ParseMember(Func<TemplateScope, object?> value)
    {
        while (true)
        {
            var of = value;
            if (tokens.TakeOperator("."))
            {
                var name = tokens.Require(TemplateTokenKind.Name);
                if (tokens.TakeOperator("("))
                {
                    var arguments = ParseArguments();
                    value = scope => TemplateMethods.Call(of(scope), name, arguments(scope), scope.Run);
                }
                else
                {
                    value = scope => TemplateValues.Member(of(scope), name);
                }
            }
            else if (tokens.TakeOperator("["))
            {
                value = ParseItem(of);
            }
            else if (tokens.TakeOperator("("))
            {
                var arguments = ParseArguments();
                value = scope => of(scope) is Func<TemplateArguments, TemplateRun, object?> function
                    ? function(arguments(scope), scope.Run)
                    : throw new TemplateException("something is called that is no function or macro that is known");
            }
            else
            {
                return value;
            }
        }
    }

    private Func<TemplateScope, object?> ParseItem(Func<TemplateScope, object?> of)
    {
        var bounds = new Func<TemplateScope, object?>?[3];
        var (count, slice) = (0, false);
        while (!tokens.TakeOperator("]"))
        {
            if (tokens.TakeOperator(":"))
            {
                (count, slice) = (count + 1, true);
            }
            else
            {
                bounds[Math.Min(count, 2)] = Parse();
            }

            if (count > 2)
            {
                throw tokens.Wrong("expected ]");
            }
        }

        if (slice)
        {
            return scope => TemplateValues.Slice(of(scope), bounds[0]?.Invoke(scope), bounds[1]?.Invoke(scope), bounds[2]?.Invoke(scope));
        }

        var item = bounds[0] ?? throw tokens.Wrong("expected an item in brackets");
        return scope => TemplateValues.Item(of(scope), item(scope));
    }

    private Func<TemplateScope, object?> ParseFilters(Func<TemplateScope, object?> value)
    {
        while (true)
        {
            var of = value;
            if (tokens.TakeOperator("|"))
            {
                var name = tokens.Require(TemplateTokenKind.Name);
                var filter = TemplateFilters.Find(name) ?? throw tokens.Wrong($"filter '{name}' is not known");
                var arguments = tokens.TakeOperator("(") ? ParseArguments() : _ => TemplateArguments.None;
                value = scope =>
                {
                    scope.Run.Step();
                    var result = filter(of(scope), arguments(scope));
                    scope.Run.Count(result);
                    return result;
                };
            }
            else if (tokens.TakeName("is"))
            {
                value = ParseTest(of);
            }
            else
            {
                return value;
            }
        }
    }

    private Func<TemplateScope, object?> ParseTest(Func<TemplateScope, object?> of)
    {
        var not = tokens.TakeName("not");
        var name = tokens.Require(TemplateTokenKind.Name);
        var test = TemplateChecks.Find(name) ?? throw tokens.Wrong($"test '{name}' is not known");
        Func<TemplateScope, TemplateArguments> arguments = _ => TemplateArguments.None;
        if (tokens.TakeOperator("("))
        {
            arguments = ParseArguments();
        }
        else if (tokens.Next.Kind is TemplateTokenKind.String or TemplateTokenKind.Number ||
            (tokens.Next.Kind == TemplateTokenKind.Name && !s_keywords.Contains(tokens.Next.Text)))
        {
            var only = ParseMember(ParsePrimary());
            arguments = scope => new TemplateArguments([only(scope)], TemplateArguments.None.Named);
        }

        return scope => test(of(scope), arguments(scope)) != not;
    }
}
