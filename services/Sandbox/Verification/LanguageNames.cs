using O1Coder.V1;

namespace O1Coder.Sandbox.Verification;

/// <summary>How cases name languages, and how their files' names end.</summary>
internal static class LanguageNames
{
    private static readonly Dictionary<string, Language> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["python"] = Language.Python,
        ["cpp"] = Language.Cpp,
        ["c++"] = Language.Cpp,
        ["c"] = Language.C,
        ["java"] = Language.Java,
        ["javascript"] = Language.Javascript,
        ["rust"] = Language.Rust,
        ["go"] = Language.Go,
        ["csharp"] = Language.Csharp,
    };

    private static readonly Dictionary<string, Language> s_endings = new(StringComparer.OrdinalIgnoreCase)
    {
        [".py"] = Language.Python,
        [".cpp"] = Language.Cpp,
        [".cc"] = Language.Cpp,
        [".c"] = Language.C,
        [".java"] = Language.Java,
        [".js"] = Language.Javascript,
        [".mjs"] = Language.Javascript,
        [".cjs"] = Language.Javascript,
        [".rs"] = Language.Rust,
        [".go"] = Language.Go,
        [".cs"] = Language.Csharp,
    };

    /// <summary>The names, for people.</summary>
    public const string Understood = "python, cpp, c, java, javascript, rust, go or csharp";

    /// <summary>The language of a name; null for none.</summary>
    public static Language? Find(string name) => s_names.TryGetValue(name, out var language) ? language : null;

    /// <summary>The language that a file's name ends as; null for none.</summary>
    public static Language? OfFile(string name) => s_endings.TryGetValue(Path.GetExtension(name), out var language) ? language : null;
}
