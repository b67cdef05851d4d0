using System.Globalization;
using System.Numerics;

namespace O1Coder.Problems;

/// <summary>
/// Turns a Python expression over ints and bools into a term: arithmetic with whole numbers, comparisons, and, or, not,
/// if-else, min, max, abs, int, bool. What may raise is remembered together with when it is reached.
/// </summary>
/// <param name="tokens">The tokens.</param>
/// <param name="names">What names stand for.</param>
/// <param name="share">Gives a long term a name, so that using it twice does not write it twice.</param>
/// <param name="raises">Takes the condition under which something raises, and what.</param>
internal sealed class ExpressionReader(
    IReadOnlyList<CheckToken> tokens, IReadOnlyDictionary<string, SmtTerm> names, Func<SmtTerm, SmtTerm> share, Action<SmtTerm, string> raises)
{
    private const int LargestPower = 8;
    private const int MostDigits = 100;
    private const int Deepest = 200;

    private int _at;
    private int _depth;

    // Whether what is read now is reached at all: the right side of "and" only where the left is true.
    private SmtTerm _reached = SmtTerm.True;

    /// <summary>Reads an expression that begins somewhere.</summary>
    /// <param name="start">The first token's place.</param>
    /// <param name="end">The place behind its last token.</param>
    /// <exception cref="NotCheckableException">It holds something that is not covered.</exception>
    public SmtTerm Read(int start, out int end)
    {
        _at = start;
        var term = Choice();
        end = _at;
        return term;
    }

    private SmtTerm Choice()
    {
        if (++_depth > Deepest)
        {
            throw Fault("such deep nesting");
        }

        // "a if c else b" evaluates c first, and then one of the two: what raises in a is known only after c is.
        var begin = _at;
        var pending = new List<(SmtTerm When, string What)>();
        var reader = new ExpressionReader(tokens, names, share, (when, what) => pending.Add((when, what))) { _at = begin, _depth = _depth };
        var then = reader.Disjunction();
        _at = reader._at;
        if (!Is("if"))
        {
            pending.ForEach(one => Raise(one.When, one.What));
            _depth--;
            return then;
        }

        _at++;
        var condition = share(Disjunction().AsBool());
        Expect("else");
        var kept = _reached;
        pending.ForEach(one => Raise(SmtTerm.And(condition, one.When), one.What));
        _reached = SmtTerm.And(kept, SmtTerm.Not(condition));
        var otherwise = Choice();
        _reached = kept;
        _depth--;
        return SmtTerm.If(condition, then, otherwise);
    }

    private SmtTerm Disjunction() => Logical("or", Conjunction, left => SmtTerm.Not(left.AsBool()), (left, right) => SmtTerm.If(left.AsBool(), left, right));

    private SmtTerm Conjunction() => Logical("and", Negation, left => left.AsBool(), (left, right) => SmtTerm.If(left.AsBool(), right, left));

    private SmtTerm Logical(string word, Func<SmtTerm> operand, Func<SmtTerm, SmtTerm> goesOn, Func<SmtTerm, SmtTerm, SmtTerm> join)
    {
        var left = operand();
        var kept = _reached;
        while (Is(word))
        {
            _at++;
            left = share(left);
            _reached = share(SmtTerm.And(_reached, goesOn(left)));
            var right = operand();
            left = left.Sort == SmtSort.Bool && right.Sort == SmtSort.Bool
                ? word == "and" ? SmtTerm.And(left, right) : SmtTerm.Or(left, right)
                : join(left, right);
        }

        _reached = kept;
        return left;
    }

    private SmtTerm Negation()
    {
        if (!Is("not"))
        {
            return Comparison();
        }

        _at++;
        if (++_depth > Deepest)
        {
            throw Fault("such deep nesting");
        }

        var term = SmtTerm.Not(Negation().AsBool());
        _depth--;
        return term;
    }

    private SmtTerm Comparison()
    {
        var left = Sum();
        var (all, kept) = (SmtTerm.True, _reached);
        var compared = false;
        while (_at < tokens.Count && tokens[_at].Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
        {
            var symbol = tokens[_at++].Text;
            left = share(left);
            var right = share(Sum());
            all = share(SmtTerm.And(all, Compare(symbol, left, right)));
            (left, compared) = (right, true);
            _reached = share(SmtTerm.And(kept, all));
        }

        _reached = kept;
        return Is("in") || Is("is") ? throw Fault($"\"{tokens[_at].Text}\"") : compared ? all : left;
    }

    private static SmtTerm Compare(string symbol, SmtTerm left, SmtTerm right)
    {
        if (symbol is "==" or "!=")
        {
            var equal = left.Sort == right.Sort
                ? SmtTerm.Call(SmtSort.Bool, "=", left, right)
                : SmtTerm.Call(SmtSort.Bool, "=", left.AsInt(), right.AsInt());
            return symbol == "==" ? equal : SmtTerm.Not(equal);
        }

        return SmtTerm.Call(SmtSort.Bool, symbol, left.AsInt(), right.AsInt());
    }

    private SmtTerm Sum()
    {
        var left = Product();
        while (_at < tokens.Count && tokens[_at].Text is "+" or "-")
        {
            var symbol = tokens[_at++].Text;
            left = Arithmetic(symbol, left, Product());
        }

        return left;
    }

    private SmtTerm Product()
    {
        var left = Signed();
        while (_at < tokens.Count && tokens[_at].Text is "*" or "/" or "//" or "%" or "@")
        {
            var symbol = tokens[_at++].Text;
            left = Arithmetic(symbol, left, Signed());
        }

        return left;
    }

    /// <summary>One operation on numbers, as Python has it.</summary>
    /// <exception cref="NotCheckableException">The operation is not covered.</exception>
    public SmtTerm Arithmetic(string symbol, SmtTerm left, SmtTerm right)
    {
        var (a, b) = (left.AsInt(), right.AsInt());
        switch (symbol)
        {
            case "+" or "-" or "*":
                return a.Constant is { } x && b.Constant is { } y
                    ? SmtTerm.Of(symbol == "+" ? x + y : symbol == "-" ? x - y : x * y)
                    : SmtTerm.Call(SmtSort.Int, symbol, a, b);
            case "//" or "%":
                (a, b) = (share(a), share(b));
                Raise(b.Constant is { } divisor ? divisor.IsZero ? SmtTerm.True : SmtTerm.False : SmtTerm.Call(SmtSort.Bool, "=", b, SmtTerm.Of(0)), "ZeroDivisionError");
                return Divide(symbol, a, b);
            default:
                throw Fault($"\"{symbol}\" (fractions are not checked)");
        }
    }

    // SMT-LIB rounds so that the rest is never negative, Python so that it has the divisor's sign: with a negative divisor
    // both signs are turned first.
    private static SmtTerm Divide(string symbol, SmtTerm a, SmtTerm b)
    {
        var word = symbol == "//" ? "div" : "mod";
        var positive = SmtTerm.Call(SmtSort.Int, word, a, b);
        var turned = SmtTerm.Call(SmtSort.Int, word, Negative(a), Negative(b));
        var negative = symbol == "//" ? turned : Negative(turned);
        return b.Constant is { } value
            ? value > 0 ? positive : negative
            : SmtTerm.If(SmtTerm.Call(SmtSort.Bool, ">", b, SmtTerm.Of(0)), positive, negative);
    }

    private static SmtTerm Negative(SmtTerm term) => term.Constant is { } value ? SmtTerm.Of(-value) : SmtTerm.Call(SmtSort.Int, "-", term);

    private SmtTerm Signed()
    {
        if (Is("-") || Is("+"))
        {
            var minus = tokens[_at++].Text == "-";
            if (++_depth > Deepest)
            {
                throw Fault("such deep nesting");
            }

            var term = Signed().AsInt();
            _depth--;
            return minus ? Negative(term) : term;
        }

        var value = share(Atom());
        if (!Is("**"))
        {
            return value;
        }

        _at++;
        var exponent = Signed().AsInt().Constant is { } power && power >= 0 ? power : throw Fault("\"**\" with an exponent that is no constant");
        if (value.AsInt().Constant is { } constant && exponent <= MostDigits)
        {
            return SmtTerm.Of(BigInteger.Pow(constant, (int)exponent));
        }

        return exponent <= LargestPower
            ? Enumerable.Repeat(value.AsInt(), (int)exponent).Aggregate(SmtTerm.Of(1), (left, right) => left.Constant is { IsOne: true } ? right : SmtTerm.Call(SmtSort.Int, "*", left, right))
            : throw Fault($"a power above {LargestPower}");
    }

    private SmtTerm Atom()
    {
        if (_at >= tokens.Count)
        {
            throw Fault("an expression that breaks off");
        }

        var token = tokens[_at++];
        switch (token.Kind)
        {
            case PythonTokenKind.Number:
                return SmtTerm.Of(Whole(token));
            case PythonTokenKind.Name when Is("("):
                return Called(token);
            case PythonTokenKind.Name:
                return token.Text switch
                {
                    "True" => SmtTerm.True,
                    "False" => SmtTerm.False,
                    _ => names.TryGetValue(token.Text, out var term) ? Plain(term) : throw Fault($"\"{token.Text}\"", token),
                };
            case PythonTokenKind.Symbol when token.Text == "(":
                var inner = Choice();
                Expect(")");
                return Plain(inner);
            default:
                throw Fault($"\"{token.Text}\"", token);
        }
    }

    private SmtTerm Plain(SmtTerm term) =>
        Is(".") || Is("[") || Is("(") ? throw Fault($"\"{tokens[_at].Text}\"") : term;

    private SmtTerm Called(CheckToken name)
    {
        if (names.ContainsKey(name.Text) || name.Text is not ("min" or "max" or "abs" or "int" or "bool"))
        {
            throw Fault($"a call of {name.Text}", name);
        }

        _at++;
        var arguments = new List<SmtTerm>();
        while (!Is(")"))
        {
            arguments.Add(Choice());
            if (!Is(")"))
            {
                Expect(",");
            }
        }

        _at++;
        return (name.Text, arguments.Count) switch
        {
            ("abs", 1) => Absolute(arguments[0].AsInt()),
            ("int", 1) => arguments[0].AsInt(),
            ("bool", 1) => arguments[0].AsBool(),
            ("min" or "max", >= 2) => arguments.Aggregate((left, right) => Better(name.Text, left, right)),
            _ => throw Fault($"a call of {name.Text} with {arguments.Count} arguments", name),
        };
    }

    private SmtTerm Better(string name, SmtTerm left, SmtTerm right)
    {
        var (one, other) = (share(left), share(right));
        return SmtTerm.If(SmtTerm.Call(SmtSort.Bool, name == "min" ? "<=" : ">=", one.AsInt(), other.AsInt()), one, other);
    }

    private SmtTerm Absolute(SmtTerm term)
    {
        var shared = share(term);
        return SmtTerm.If(SmtTerm.Call(SmtSort.Bool, ">=", shared, SmtTerm.Of(0)), shared, Negative(shared));
    }

    private BigInteger Whole(CheckToken token)
    {
        var digits = token.Text.Replace("_", "", StringComparison.Ordinal);
        return digits.Length <= MostDigits && digits.All(char.IsAsciiDigit) && (digits.Length == 1 || digits[0] != '0' || digits.All(c => c == '0'))
            ? BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)
            : throw Fault($"the number {PythonAssertions.Shorten(token.Text)}", token);
    }

    private void Raise(SmtTerm when, string what)
    {
        var reached = SmtTerm.And(_reached, when);
        if (reached != SmtTerm.False)
        {
            raises(reached, what);
        }
    }

    private bool Is(string text) => _at < tokens.Count && tokens[_at].Kind != PythonTokenKind.Text && tokens[_at].Text == text;

    private void Expect(string text)
    {
        if (!Is(text))
        {
            throw Fault(_at < tokens.Count ? $"\"{tokens[_at].Text}\"" : $"an expression without \"{text}\"");
        }

        _at++;
    }

    private NotCheckableException Fault(string what, CheckToken? at = null)
    {
        var line = at?.Line ?? (tokens.Count == 0 ? 1 : tokens[Math.Min(_at, tokens.Count - 1)].Line);
        return new NotCheckableException($"line {line}: {what} is not covered");
    }
}
