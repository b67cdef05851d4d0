using O1Coder.Inference.Sampling.Constraints;

namespace O1Coder.Inference;

/// <summary>What a whole answer must match. The notations are described in docs/sampling.md.</summary>
public sealed class Constraint
{
    /// <summary>Characters that a regular expression or grammar may have at most.</summary>
    public const int LongestText = 65_536;

    private Constraint(ConstraintKind kind, string text, ConstraintNetwork network) =>
        (Kind, Text, Network) = (kind, text, network);

    /// <summary>The notation.</summary>
    public ConstraintKind Kind { get; }

    /// <summary>The regular expression or grammar.</summary>
    public string Text { get; }

    /// <summary>Its compiled form.</summary>
    internal ConstraintNetwork Network { get; }

    /// <summary>A regular expression that the whole answer must match.</summary>
    /// <exception cref="ConstraintException">It is wrong or too large; the message says where.</exception>
    public static Constraint FromRegex(string pattern)
    {
        CheckLength(pattern);
        return new Constraint(ConstraintKind.Regex, pattern, NetworkBuilder.Build([RegexParser.Parse(pattern)], root: 0));
    }

    /// <summary>A grammar whose rule <c>root</c> the whole answer must match.</summary>
    /// <exception cref="ConstraintException">It is wrong or too large; the message says where.</exception>
    public static Constraint FromGrammar(string grammar)
    {
        CheckLength(grammar);
        var rules = GrammarParser.Parse(grammar);
        return new Constraint(ConstraintKind.Grammar, grammar, NetworkBuilder.Build(rules.Bodies, rules.Root));
    }

    private static void CheckLength(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length is 0 or > LongestText)
        {
            throw new ConstraintException($"1 to {LongestText} characters, not {text.Length}");
        }
    }
}
