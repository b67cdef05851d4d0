namespace O1Coder.Models;

/// <summary>The tokens of a template as a parser takes them, one after the other.</summary>
internal sealed class TemplateTokens(List<TemplateToken> tokens)
{
    private const int DeepestNesting = 100;

    private int _next;
    private int _depth;

    /// <summary>The token that is next.</summary>
    public TemplateToken Next => tokens[_next];

    /// <summary>Takes the next one.</summary>
    public TemplateToken Take() => tokens[_next < tokens.Count - 1 ? _next++ : _next];

    /// <summary>Whether the next one is that name or operator, or the second from here.</summary>
    public bool Is(TemplateTokenKind kind, string text, int ahead = 0) =>
        _next + ahead < tokens.Count && tokens[_next + ahead].Kind == kind && tokens[_next + ahead].Text == text;

    /// <summary>Whether the next one is that operator.</summary>
    public bool IsOperator(string text) => Is(TemplateTokenKind.Operator, text);

    /// <summary>Whether the next one is that name.</summary>
    public bool IsName(string text) => Is(TemplateTokenKind.Name, text);

    /// <summary>Takes the next one if it is that operator.</summary>
    public bool TakeOperator(string text) => IsOperator(text) && Take() is var _;

    /// <summary>Takes the next one if it is that name.</summary>
    public bool TakeName(string text) => IsName(text) && Take() is var _;

    /// <summary>Takes an operator that must be there.</summary>
    public void RequireOperator(string text)
    {
        if (!TakeOperator(text))
        {
            throw Wrong($"expected {text}");
        }
    }

    /// <summary>Takes a token that must be of a kind.</summary>
    public string Require(TemplateTokenKind kind) => Next.Kind == kind ? Take().Text : throw Wrong($"expected {kind}");

    /// <summary>Parses something that may hold others of its kind.</summary>
    public T Nested<T>(Func<T> parse)
    {
        if (++_depth > DeepestNesting)
        {
            throw Wrong($"nested more than {DeepestNesting} deep");
        }

        var parsed = parse();
        _depth--;
        return parsed;
    }

    /// <summary>The exception of the next token.</summary>
    public TemplateException Wrong(string what) => new($"line {Next.Line}: {what}, not {(Next.Text.Length > 0 ? $"'{Next.Text}'" : Next.Kind)}");
}
