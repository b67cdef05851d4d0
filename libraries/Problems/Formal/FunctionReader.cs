namespace O1Coder.Problems;

/// <summary>
/// Executes a function with symbols for its arguments: assignments, if, elif and else, return, pass, assert and raise. After
/// an if each variable is one of two values, so that the work grows with the text and not with the number of paths.
/// Source: J. C. King, Symbolic Execution and Program Testing, 1976, with merging in place of path enumeration.
/// </summary>
/// <param name="script">Takes the terms.</param>
internal sealed class FunctionReader(SmtScript script)
{
    private const int Deepest = 50;

    private readonly List<(SmtTerm When, SmtTerm Value)> _returns = [];
    private readonly List<string> _reasons = [];
    private SmtTerm _fails = SmtTerm.False;
    private IReadOnlyList<CheckLine> _lines = [];
    private int _at;

    /// <summary>Executes it.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">A term for each parameter.</param>
    /// <exception cref="NotCheckableException">It holds something that is not covered.</exception>
    public FunctionResult Read(FunctionSource function, IReadOnlyList<SmtTerm> arguments)
    {
        _lines = function.Lines;
        var names = new Dictionary<string, SmtTerm>(StringComparer.Ordinal);
        foreach (var (parameter, argument) in function.Parameters.Zip(arguments))
        {
            names[parameter.Name] = argument;
        }

        if (_lines.Count == 0)
        {
            throw new NotCheckableException("the function has no body");
        }

        var alive = Block(_lines[0].Indent, names, SmtTerm.True, 0);
        if (_at < _lines.Count)
        {
            throw Fault(_lines[_at], "its indentation");
        }

        Fail(alive, "it returns nothing");
        if (_returns.Count == 0)
        {
            throw new NotCheckableException("the function never returns a value");
        }

        var value = _returns[^1].Value;
        for (var i = _returns.Count - 2; i >= 0; i--)
        {
            value = script.Share(SmtTerm.If(_returns[i].When, _returns[i].Value, value));
        }

        return new FunctionResult(script.Share(value), script.Share(_fails), _reasons);
    }

    // Executes the statements of one indentation; gives when the end is reached.
    private SmtTerm Block(int indent, Dictionary<string, SmtTerm> names, SmtTerm alive, int depth)
    {
        if (depth > Deepest)
        {
            throw Fault(_lines[_at], "such deep nesting");
        }

        while (_at < _lines.Count && _lines[_at].Indent == indent)
        {
            var line = _lines[_at];
            alive = line.Head == "if" ? Branch(line, names, alive, depth) : Simple(_lines[_at++], names, alive);
        }

        return _at < _lines.Count && _lines[_at].Indent > indent ? throw Fault(_lines[_at], "its indentation") : alive;
    }

    private SmtTerm Branch(CheckLine line, Dictionary<string, SmtTerm> names, SmtTerm alive, int depth)
    {
        var colon = ColonOf(line);
        var condition = script.Share(Expression(line, 1, colon, names, alive).AsBool());
        var (then, otherwise) = (new Dictionary<string, SmtTerm>(names, StringComparer.Ordinal), new Dictionary<string, SmtTerm>(names, StringComparer.Ordinal));
        var whenTrue = script.Share(SmtTerm.And(alive, condition));
        var whenFalse = script.Share(SmtTerm.And(alive, SmtTerm.Not(condition)));
        whenTrue = Body(line, colon, then, whenTrue, depth);
        if (_at < _lines.Count && _lines[_at].Indent == line.Indent && _lines[_at].Head == "elif")
        {
            whenFalse = Branch(_lines[_at], otherwise, whenFalse, depth + 1);
        }
        else if (_at < _lines.Count && _lines[_at].Indent == line.Indent && _lines[_at].Head == "else")
        {
            whenFalse = Body(_lines[_at], ColonOf(_lines[_at]), otherwise, whenFalse, depth);
        }

        names.Clear();
        foreach (var name in then.Keys.Union(otherwise.Keys))
        {
            // A name that only one branch knows is known only where the other does not go on.
            if (then.TryGetValue(name, out var one) && otherwise.TryGetValue(name, out var other))
            {
                names[name] = whenTrue == SmtTerm.False ? other : whenFalse == SmtTerm.False ? one : script.Share(SmtTerm.If(condition, one, other));
            }
            else if (whenTrue == SmtTerm.False || whenFalse == SmtTerm.False)
            {
                var living = whenTrue == SmtTerm.False ? otherwise : then;
                if (living.TryGetValue(name, out var kept))
                {
                    names[name] = kept;
                }
            }
        }

        return script.Share(SmtTerm.Or(whenTrue, whenFalse));
    }

    private SmtTerm Body(CheckLine head, int colon, Dictionary<string, SmtTerm> names, SmtTerm alive, int depth)
    {
        _at++;
        if (colon + 1 < head.Tokens.Count)
        {
            return Simple(new CheckLine(head.Indent, head.Line, [.. head.Tokens.Skip(colon + 1)]), names, alive);
        }

        return _at < _lines.Count && _lines[_at].Indent > head.Indent
            ? Block(_lines[_at].Indent, names, alive, depth + 1)
            : throw Fault(head, "a block without statements");
    }

    private SmtTerm Simple(CheckLine line, Dictionary<string, SmtTerm> names, SmtTerm alive)
    {
        var tokens = line.Tokens;
        switch (line.Head)
        {
            case "return" when tokens.Count > 1:
                var value = script.Share(Expression(line, 1, tokens.Count, names, alive));
                _returns.Add((alive, value));
                return SmtTerm.False;
            case "return":
                Fail(alive, $"line {line.Line} returns nothing");
                return SmtTerm.False;
            case "pass" when tokens.Count == 1:
                return alive;
            case "raise":
                Fail(alive, $"line {line.Line} raises");
                return SmtTerm.False;
            case "assert":
                var holds = Expression(line, 1, CommaOf(line), names, alive).AsBool();
                Fail(SmtTerm.And(alive, SmtTerm.Not(holds)), $"line {line.Line} raises AssertionError");
                return script.Share(SmtTerm.And(alive, holds));
            default:
                if (tokens[0].Kind == PythonTokenKind.Text && tokens.Count == 1)
                {
                    return alive;
                }

                Assign(line, names, alive);
                return alive;
        }
    }

    private void Assign(CheckLine line, Dictionary<string, SmtTerm> names, SmtTerm alive)
    {
        var tokens = line.Tokens;
        if (tokens.Count < 3 || tokens[0].Kind != PythonTokenKind.Name || tokens[0].Text is "for" or "while" or "with" or "try" or "def" or "class" or "import" or "from" or "global" or "nonlocal" or "del" or "match" or "lambda")
        {
            throw Fault(line, $"\"{PythonAssertions.Shorten(line.Head)}\"");
        }

        var targets = new List<string> { tokens[0].Text };
        var at = 1;
        while (tokens[at].Text == "," && at + 2 < tokens.Count && tokens[at + 1].Kind == PythonTokenKind.Name)
        {
            targets.Add(tokens[at + 1].Text);
            at += 2;
        }

        if (targets.Count == 1 && tokens[1].Text == ":" && tokens[2].Text is "int" or "bool" && tokens.Count > 4)
        {
            at = 3;
        }

        var symbol = tokens[at].Text;
        if (symbol is "+=" or "-=" or "*=" or "//=" or "%=" && targets.Count == 1)
        {
            var reader = ReaderOf(line, names, alive);
            var before = names.TryGetValue(targets[0], out var known) ? known : throw Fault(line, $"\"{targets[0]}\"");
            names[targets[0]] = script.Share(reader.Arithmetic(symbol[..^1], before, Whole(line, reader, at + 1, tokens.Count)));
            return;
        }

        if (symbol != "=")
        {
            throw Fault(line, $"\"{symbol}\"");
        }

        // All values before the first name gets a new one, as in "a, b = b, a".
        var values = new List<SmtTerm>();
        for (at++; values.Count < targets.Count; at++)
        {
            values.Add(script.Share(ReaderOf(line, names, alive).Read(at, out at)));
            var expected = values.Count < targets.Count ? "," : "";
            if ((at < tokens.Count ? tokens[at].Text : "") != expected)
            {
                throw Fault(line, at < tokens.Count ? $"\"{tokens[at].Text}\"" : "an assignment with too few values");
            }
        }

        foreach (var (target, value) in targets.Zip(values))
        {
            names[target] = target is "min" or "max" or "abs" or "int" or "bool" ? throw Fault(line, $"the name {target} for a variable") : value;
        }
    }

    private SmtTerm Expression(CheckLine line, int start, int end, Dictionary<string, SmtTerm> names, SmtTerm alive) =>
        Whole(line, ReaderOf(line, names, alive), start, end);

    private static SmtTerm Whole(CheckLine line, ExpressionReader reader, int start, int end)
    {
        var term = reader.Read(start, out var behind);
        return behind == end ? term : throw Fault(line, behind < line.Tokens.Count ? $"\"{line.Tokens[behind].Text}\"" : "an expression that breaks off");
    }

    private ExpressionReader ReaderOf(CheckLine line, Dictionary<string, SmtTerm> names, SmtTerm alive) =>
        new(line.Tokens, names, script.Share, (when, what) => Fail(SmtTerm.And(alive, when), $"line {line.Line} raises {what}"));

    private void Fail(SmtTerm when, string reason)
    {
        if (when != SmtTerm.False)
        {
            _fails = script.Share(SmtTerm.Or(_fails, when));
            _reasons.Add(reason);
        }
    }

    private static int ColonOf(CheckLine line) => PlaceOf(line, ":") is var at and >= 0 ? at : throw Fault(line, "a head without a colon");

    private static int CommaOf(CheckLine line) => PlaceOf(line, ",") is var at and >= 0 ? at : line.Tokens.Count;

    private static int PlaceOf(CheckLine line, string symbol)
    {
        var depth = 0;
        for (var i = 0; i < line.Tokens.Count; i++)
        {
            var text = line.Tokens[i].Text;
            depth += text is "(" or "[" or "{" ? 1 : text is ")" or "]" or "}" ? -1 : 0;
            if (depth == 0 && text == symbol)
            {
                return i;
            }
        }

        return -1;
    }

    private static NotCheckableException Fault(CheckLine line, string what) => new($"line {line.Line}: {what} is not covered");
}
