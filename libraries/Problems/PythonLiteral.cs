namespace O1Coder.Problems;

/// <summary>
/// A Python literal in one canonical form: numbers, texts, True, False, None, lists, tuples, dictionaries and sets of
/// these; what <c>ast.literal_eval</c> takes, without bytes, complex numbers and texts in pieces. Nothing in it can be
/// called or looked up, so it is safe inside an assertion.
/// </summary>
/// <param name="Text">
/// The literal as Python's <c>repr</c> would write it, but that numbers stay as they were written; the elements of a set
/// are sorted.
/// </param>
/// <param name="Key">
/// <paramref name="Text"/> with the entries of dictionaries sorted too: equal for values that differ in nothing but the
/// order in which a dictionary was filled.
/// </param>
public sealed record PythonLiteral(string Text, string Key)
{
    /// <summary>The longest source that is read, characters.</summary>
    public const int MaxLength = 8192;

    /// <summary>How deep lists, tuples, dictionaries and sets may stand in each other.</summary>
    public const int MaxDepth = 32;

    /// <summary>Reads one literal; null when the text is anything else, too long or too deep.</summary>
    /// <param name="source">The text; white space around and inside it does not matter.</param>
    public static PythonLiteral? Read(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Length <= MaxLength ? new PythonLiteralReader(source).ReadWhole() : null;
    }

    /// <summary>
    /// Reads the arguments of a call: literals with commas between them, as they stand between the brackets. Arguments
    /// by name are not taken.
    /// </summary>
    /// <param name="source">The text; blank for no arguments.</param>
    /// <returns>The arguments, or null when the text is anything else, too long or too deep.</returns>
    public static IReadOnlyList<PythonLiteral>? ReadArguments(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Length <= MaxLength ? new PythonLiteralReader(source).ReadList() : null;
    }
}
