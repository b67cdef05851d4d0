namespace O1Coder.Models;

/// <summary>Parses a template's statements into functions that write what they write.</summary>
internal sealed class TemplateParser
{
    private readonly TemplateTokens _tokens;
    private readonly TemplateExpressions _expressions;

    private TemplateParser(TemplateTokens tokens)
    {
        _tokens = tokens;
        _expressions = new TemplateExpressions(tokens);
    }

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">It is not valid, or has what is not known.</exception>
    public static Func<TemplateScope, TemplateFlow> Parse(string template)
    {
        var parser = new TemplateParser(new TemplateTokens(TemplateLexer.Cut(template)));
        var (body, _) = parser.ParseBody();
        return body;
    }

    /// <summary>Statements up to one of some names, whose name is taken, or to the template's end.</summary>
    private (Func<TemplateScope, TemplateFlow> Body, string End) ParseBody(params string[] ends)
    {
        var statements = new List<Func<TemplateScope, TemplateFlow>>();
        while (true)
        {
            var token = _tokens.Take();
            switch (token.Kind)
            {
                case TemplateTokenKind.Text:
                    statements.Add(scope => Write(scope, token.Text));
                    break;
                case TemplateTokenKind.OutputStart:
                    var value = _expressions.ParseTuple();
                    _tokens.Require(TemplateTokenKind.End);
                    statements.Add(scope => Write(scope, TemplateValues.Text(value(scope))));
                    break;
                case TemplateTokenKind.StatementStart:
                    var name = _tokens.Require(TemplateTokenKind.Name);
                    if (ends.Contains(name))
                    {
                        return (Sequence(statements), name);
                    }

                    statements.Add(_tokens.Nested(() => ParseStatement(name, token.Line)));
                    break;
                default:
                    return ends.Length == 0
                        ? (Sequence(statements), "")
                        : throw new TemplateException($"line {token.Line}: the template ends, expected {string.Join(" or ", ends)}");
            }
        }
    }

    private static TemplateFlow Write(TemplateScope scope, string text)
    {
        scope.Run.Write(text);
        return TemplateFlow.Next;
    }

    private static Func<TemplateScope, TemplateFlow> Sequence(List<Func<TemplateScope, TemplateFlow>> statements) => scope =>
    {
        foreach (var statement in statements)
        {
            scope.Run.Step();
            if (statement(scope) is not TemplateFlow.Next and var flow)
            {
                return flow;
            }
        }

        return TemplateFlow.Next;
    };

    private Func<TemplateScope, TemplateFlow> ParseStatement(string name, int line)
    {
        switch (name)
        {
            case "if":
                return ParseIf();
            case "for":
                return ParseFor();
            case "set":
                return ParseSet();
            case "macro":
                return ParseMacro();
            case "break":
                _tokens.Require(TemplateTokenKind.End);
                return _ => TemplateFlow.Break;
            case "continue":
                _tokens.Require(TemplateTokenKind.End);
                return _ => TemplateFlow.Continue;
            case "generation":
                // Marks what the model has written, for training; it writes what is in it.
                _tokens.Require(TemplateTokenKind.End);
                var (body, _) = ParseBody("endgeneration");
                _tokens.Require(TemplateTokenKind.End);
                return body;
            default:
                throw new TemplateException($"line {line}: statement '{name}' is not known");
        }
    }

    private Func<TemplateScope, TemplateFlow> ParseIf()
    {
        var branches = new List<(Func<TemplateScope, object?> Condition, Func<TemplateScope, TemplateFlow> Body)>();
        Func<TemplateScope, TemplateFlow> otherwise = _ => TemplateFlow.Next;
        for (var end = "elif"; end == "elif";)
        {
            var condition = _expressions.ParseTuple();
            _tokens.Require(TemplateTokenKind.End);
            (var body, end) = ParseBody("elif", "else", "endif");
            branches.Add((condition, body));
            if (end == "else")
            {
                _tokens.Require(TemplateTokenKind.End);
                (otherwise, _) = ParseBody("endif");
            }
        }

        _tokens.Require(TemplateTokenKind.End);
        return scope =>
        {
            foreach (var (condition, body) in branches)
            {
                if (TemplateValues.IsTrue(condition(scope)))
                {
                    return body(scope);
                }
            }

            return otherwise(scope);
        };
    }

    private Func<TemplateScope, TemplateFlow> ParseFor()
    {
        var targets = ParseTargets();
        if (!_tokens.TakeName("in"))
        {
            throw _tokens.Wrong("expected in");
        }

        var items = _expressions.ParseOr();
        var filter = _tokens.TakeName("if") ? _expressions.Parse() : null;
        _tokens.Require(TemplateTokenKind.End);
        var (body, end) = ParseBody("else", "endfor");
        Func<TemplateScope, TemplateFlow> otherwise = _ => TemplateFlow.Next;
        if (end == "else")
        {
            _tokens.Require(TemplateTokenKind.End);
            (otherwise, _) = ParseBody("endfor");
        }

        _tokens.Require(TemplateTokenKind.End);
        return scope =>
        {
            var list = TemplateValues.Items(items(scope));
            if (filter is not null)
            {
                list = list.FindAll(item => TemplateValues.IsTrue(filter(Bind(new TemplateScope(scope.Run, scope), targets, item))));
            }

            for (var i = 0; i < list.Count; i++)
            {
                var inner = Bind(new TemplateScope(scope.Run, scope), targets, list[i]);
                inner.Set("loop", Loop(list, i));
                if (body(inner) == TemplateFlow.Break)
                {
                    break;
                }
            }

            return list.Count > 0 ? TemplateFlow.Next : otherwise(scope);
        };
    }

    private static TemplateMap Loop(List<object?> items, int index) => new()
    {
        ["index"] = index + 1L,
        ["index0"] = (long)index,
        ["revindex"] = (long)items.Count - index,
        ["revindex0"] = items.Count - index - 1L,
        ["first"] = index == 0,
        ["last"] = index == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = index > 0 ? items[index - 1] : Undefined.Value,
        ["nextitem"] = index < items.Count - 1 ? items[index + 1] : Undefined.Value,
    };

    private List<string> ParseTargets()
    {
        var bracket = _tokens.TakeOperator("(");
        var targets = new List<string> { _tokens.Require(TemplateTokenKind.Name) };
        while (_tokens.TakeOperator(","))
        {
            targets.Add(_tokens.Require(TemplateTokenKind.Name));
        }

        if (bracket)
        {
            _tokens.RequireOperator(")");
        }

        return targets;
    }

    private static TemplateScope Bind(TemplateScope scope, List<string> targets, object? value)
    {
        if (targets is [var only])
        {
            scope.Set(only, value);
            return scope;
        }

        var values = TemplateValues.Items(value);
        if (values.Count != targets.Count)
        {
            throw new TemplateException($"{values.Count} values for {targets.Count} names");
        }

        for (var i = 0; i < targets.Count; i++)
        {
            scope.Set(targets[i], values[i]);
        }

        return scope;
    }

    private Func<TemplateScope, TemplateFlow> ParseSet()
    {
        var targets = ParseTargets();
        var member = targets.Count == 1 && _tokens.TakeOperator(".") ? _tokens.Require(TemplateTokenKind.Name) : null;
        Func<TemplateScope, object?> value;
        if (_tokens.TakeOperator("="))
        {
            value = _expressions.ParseTuple();
            _tokens.Require(TemplateTokenKind.End);
        }
        else
        {
            _tokens.Require(TemplateTokenKind.End);
            var (body, _) = ParseBody("endset");
            _tokens.Require(TemplateTokenKind.End);
            value = scope => scope.Run.Capture(() => body(new TemplateScope(scope.Run, scope)));
        }

        if (member is null)
        {
            return scope =>
            {
                Bind(scope, targets, value(scope));
                return TemplateFlow.Next;
            };
        }

        return scope =>
        {
            var space = scope.Get(targets[0]) is TemplateMap { IsNamespace: true } map
                ? map : throw new TemplateException($"'{targets[0]}' is no namespace: its member '{member}' cannot be set");
            space[member] = value(scope);
            return TemplateFlow.Next;
        };
    }

    private Func<TemplateScope, TemplateFlow> ParseMacro()
    {
        var name = _tokens.Require(TemplateTokenKind.Name);
        _tokens.RequireOperator("(");
        var parameters = new List<(string Name, Func<TemplateScope, object?>? Absent)>();
        while (!_tokens.TakeOperator(")"))
        {
            var parameter = _tokens.Require(TemplateTokenKind.Name);
            parameters.Add((parameter, _tokens.TakeOperator("=") ? _expressions.Parse() : null));
            if (!_tokens.IsOperator(")"))
            {
                _tokens.RequireOperator(",");
            }
        }

        _tokens.Require(TemplateTokenKind.End);
        var (body, _) = ParseBody("endmacro");
        _tokens.Require(TemplateTokenKind.End);
        return scope =>
        {
            scope.Set(name, (Func<TemplateArguments, TemplateRun, object?>)((arguments, run) => run.Capture(() =>
            {
                var inner = new TemplateScope(run, scope.Root);
                foreach (var (place, (parameter, absent)) in parameters.Index())
                {
                    inner.Set(parameter, arguments.Get(place, parameter, absent is null ? Undefined.Value : absent(inner)));
                }

                body(inner);
            })));
            return TemplateFlow.Next;
        };
    }
}
