using System.Text;
using System.Text.RegularExpressions;

namespace O1Coder.Sandbox.Languages;

/// <summary>
/// Reads as much of a Java file as its name and the class to start depend on. It need not be right about files that do
/// not compile: javac has the say.
/// </summary>
internal static partial class JavaSource
{
    private const string Name = "[A-Za-z0-9_$]+"; // what it becomes: a file's name and a word of a command line

    /// <summary>The name of the file's public type, without its package; null when it has none.</summary>
    public static string? PublicType(string source) => Types(Plain(source)).FirstOrDefault(type => type.IsPublic)?.Name;

    /// <summary>The class to start, with its package: the public one where it has a <c>main</c>, else the first that has.</summary>
    public static string? MainType(string source)
    {
        var plain = Plain(source);
        var types = Types(plain);
        var main = types.FirstOrDefault(type => type.IsPublic && type.HasMain) ?? types.FirstOrDefault(type => type.HasMain)
            ?? types.FirstOrDefault(type => type.IsPublic) ?? (types.Count > 0 ? types[0] : null);
        var package = Package().Match(plain);
        return main is null ? null : package.Success ? $"{package.Groups[1].ValueSpan}.{main.Name}" : main.Name;
    }

    private static List<JavaType> Types(string plain)
    {
        var found = new List<JavaType>();
        var (depth, start) = (0, 0);
        var outer = new StringBuilder(); // what stands outside all braces, the rest as spaces
        foreach (var sign in plain)
        {
            depth -= sign == '}' ? 1 : 0;
            outer.Append(depth <= 0 || char.IsWhiteSpace(sign) ? sign : ' ');
            depth += sign == '{' ? 1 : 0;
        }

        var matches = Type().Matches(outer.ToString());
        for (var index = 0; index < matches.Count; index++)
        {
            start = matches[index].Index;
            var end = index + 1 < matches.Count ? matches[index + 1].Index : plain.Length;
            found.Add(new JavaType(matches[index].Groups["name"].Value, matches[index].Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal),
                MainMethod().IsMatch(plain.AsSpan(start, end - start))));
        }

        return found;
    }

    /// <summary>The text with every comment and literal put out by spaces, of the same length.</summary>
    private static string Plain(string source) => Unspoken().Replace(source, match => new string(' ', match.Length));

    [GeneratedRegex("""//[^\n]*|/\*.*?(?:\*/|\z)|\"{3}(?:\\.|.)*?(?:\"{3}|\z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?""", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Unspoken();

    [GeneratedRegex(@"(?<modifiers>(?:\b(?:public|final|abstract|strictfp|sealed|static|non-sealed)\s+)*)\b(?:class|interface|enum|record)\s+(?<name>" + Name + @")\b", RegexOptions.NonBacktracking)]
    private static partial Regex Type();

    [GeneratedRegex(@"\bvoid\s+main\s*\(", RegexOptions.NonBacktracking)]
    private static partial Regex MainMethod();

    [GeneratedRegex(@"\A\s*(?:@\w+\s*)*package\s+(" + Name + @"(?:\." + Name + @")*)\s*;", RegexOptions.NonBacktracking)]
    private static partial Regex Package();

    private sealed record JavaType(string Name, bool IsPublic, bool HasMain);
}
