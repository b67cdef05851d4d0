namespace O1Coder.Problems;

/// <summary>One function of a Python source: its parameters and the statements of its body.</summary>
/// <param name="Parameters">The parameters, in their order.</param>
/// <param name="Returns">The annotation of what it returns; empty for none.</param>
/// <param name="Lines">The statements of its body.</param>
internal sealed record FunctionSource(IReadOnlyList<FunctionParameter> Parameters, string Returns, IReadOnlyList<CheckLine> Lines)
{
    private static readonly string[] s_builtIn = ["min", "max", "abs", "int", "bool"];

    /// <summary>Finds a function at the top level of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="NotCheckableException">It is not there once, or its head is not covered.</exception>
    public static FunctionSource Find(string source, string name)
    {
        var lines = CheckLine.Split(source.Replace("\r\n", "\n"));
        var heads = lines.Select((line, i) => (line, i)).Where(one => one.line.Indent == 0 && one.line.Head == "def" && one.line.Tokens.Count > 1 && one.line.Tokens[1].Text == name).ToList();
        if (heads.Count != 1)
        {
            throw new NotCheckableException($"{heads.Count} functions {name} at the top level, where one is expected");
        }

        // Anything at the top level but imports, functions and texts could give the function's names another meaning.
        var other = lines.FirstOrDefault(line => line.Indent == 0 && line.Head is not ("def" or "import" or "from") && line.Tokens[0].Kind != PythonTokenKind.Text);
        if (other is not null)
        {
            throw new NotCheckableException($"line {other.Line}: \"{PythonAssertions.Shorten(other.Head)}\" beside the function is not covered");
        }

        // What an import or another function is called may hide a built-in one, or this one.
        var hiding = lines.FirstOrDefault(line => line.Indent == 0
            && (line.Head == "def" ? line.Tokens.Skip(1).Take(1) : line.Tokens.Skip(1)).Any(token => s_builtIn.Contains(token.Text) || (token.Text == name && line.Head != "def") || token.Text == "*"));
        if (hiding is not null)
        {
            throw new NotCheckableException($"line {hiding.Line}: another meaning of a function's name is not covered");
        }

        var (head, at) = heads[0];
        var body = lines.Skip(at + 1).TakeWhile(line => line.Indent > 0).ToList();
        var (parameters, returns, colon) = Head(head);
        if (colon + 1 < head.Tokens.Count)
        {
            body.Insert(0, new CheckLine(int.MaxValue, head.Line, [.. head.Tokens.Skip(colon + 1)]));
        }

        return new FunctionSource(parameters, returns, body);
    }

    /// <summary>The head of a signature line.</summary>
    /// <param name="signature">The line, for example "def add(a: int, b: int) -> int:".</param>
    /// <exception cref="NotCheckableException">It is not covered.</exception>
    public static FunctionSource Signature(string signature)
    {
        var (parameters, returns, _) = Head(CheckLine.Split(signature)[0]);
        return new FunctionSource(parameters, returns, []);
    }

    private static (List<FunctionParameter> Parameters, string Returns, int Colon) Head(CheckLine head)
    {
        var tokens = head.Tokens;
        var parameters = new List<FunctionParameter>();
        var at = 3;
        while (at < tokens.Count && tokens[at].Text != ")")
        {
            if (tokens[at].Kind != PythonTokenKind.Name)
            {
                throw new NotCheckableException($"line {head.Line}: the parameter \"{tokens[at].Text}\" is not covered");
            }

            var name = tokens[at++].Text;
            var type = "";
            if (At(":"))
            {
                at++;
                for (; at < tokens.Count && tokens[at].Text is not ("," or ")" or "="); at++)
                {
                    type += tokens[at].Text;
                }
            }

            if (At("="))
            {
                throw new NotCheckableException($"line {head.Line}: the parameter {name} with a default is not covered");
            }

            parameters.Add(new FunctionParameter(name, type));
            at += At(",") ? 1 : 0;
        }

        at++;
        var returns = "";
        if (At("->"))
        {
            for (at++; at < tokens.Count && tokens[at].Text != ":"; at++)
            {
                returns += tokens[at].Text;
            }
        }

        return At(":") ? (parameters, returns, at) : throw new NotCheckableException($"line {head.Line}: the head of the function is not covered");

        bool At(string text) => at < tokens.Count && tokens[at].Text == text;
    }
}
