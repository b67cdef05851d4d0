using System.Text.RegularExpressions;

namespace O1Coder.Problems;

/// <summary>Signature lines of Python functions, for example "def add(a: int, b: int) -> int:".</summary>
public static partial class PythonSignature
{
    /// <summary>The longest signature, characters.</summary>
    public const int MaxLength = 500;

    /// <summary>The name of the function that a signature declares.</summary>
    /// <param name="signature">The line.</param>
    /// <returns>The name, or null when the text does not start with "def NAME(".</returns>
    public static string? NameOf(string signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var match = Opening().Match(signature);
        return match.Success ? match.Groups[1].Value : null;
    }

    /// <summary>
    /// Whether a text is one whole signature line: "def NAME(…)", an optional "-> TYPE", a colon, and nothing after it.
    /// </summary>
    /// <param name="signature">The line.</param>
    public static bool IsValid(string signature)
    {
        if (NameOf(signature) is null || signature.Length > MaxLength || signature.Contains('\n') || !signature.EndsWith(':'))
        {
            return false;
        }

        var tokens = PythonTokens.Scan(signature, out _, out var error);
        if (error is not null)
        {
            return false;
        }

        // The only colon outside brackets is the last one: a body on the same line is no signature.
        var depth = 0;
        var colons = 0;
        foreach (var token in tokens)
        {
            if (token.Kind == PythonTokenKind.Symbol)
            {
                var c = signature[token.Start];
                depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
                colons += c == ':' && depth == 0 ? 1 : 0;
            }
        }

        return colons == 1 && tokens.Count(token => token.Kind == PythonTokenKind.StatementEnd) == 1;
    }

    /// <summary>The first line of a text that is one whole signature line, or null.</summary>
    /// <param name="text">The text, for example a statement.</param>
    public static string? FindLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('\n').Select(line => line.Trim()).FirstOrDefault(IsValid);
    }

    /// <summary>
    /// Infers a signature from assertions: the function is the first name that is called in the first assertion, that is
    /// not one of Python's own functions or a method, and that every assertion calls; its parameters are a, b, c … as
    /// many as the calls pass, or *args when the calls differ in number, and **kwargs when one names an argument.
    /// </summary>
    /// <param name="assertions">The assertions.</param>
    /// <returns>The signature, or null when no such function exists.</returns>
    public static string? Infer(IReadOnlyList<AssertionTest> assertions)
    {
        ArgumentNullException.ThrowIfNull(assertions);
        var calls = assertions.Select(test => PythonCalls.In(test.Code)).ToList();
        if (calls.Count == 0)
        {
            return null;
        }

        var name = calls[0].Select(call => call.Name).FirstOrDefault(candidate =>
            !PythonCalls.IsBuiltIn(candidate) && calls.All(inTest => inTest.Any(call => call.Name == candidate)));
        if (name is null)
        {
            return null;
        }

        var own = calls.SelectMany(inTest => inTest).Where(call => call.Name == name).ToList();
        var counts = own.Select(call => call.Positional).Distinct().ToList();
        var parameters = counts is [<= 8]
            ? Enumerable.Range(0, counts[0]).Select(i => ((char)('a' + i)).ToString()).ToList()
            : ["*args"];
        if (own.Exists(call => call.HasKeywords))
        {
            parameters.Add("**kwargs");
        }

        return $"def {name}({string.Join(", ", parameters)}):";
    }

    [GeneratedRegex(@"^def[ \t]+([\p{L}_][\p{L}\p{Nd}_]*)[ \t]*\(", RegexOptions.NonBacktracking)]
    private static partial Regex Opening();
}
