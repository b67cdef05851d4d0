using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using O1Coder.Sandbox.Languages;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox.Drivers;

/// <summary>
/// Puts beside a program what calls one function of it: a driver in its own language, which reads the call from standard
/// input, converts the arguments to the parameters' types and answers plain data on descriptor 3. The expected value is
/// not among what it gets.
/// </summary>
internal static partial class FunctionDriver
{
    private static readonly string[] s_cppHeaders =
    [
        "array", "charconv", "cmath", "cstdio", "cstdlib", "deque", "list", "map", "optional", "set", "stdexcept", "string", "tuple", "type_traits",
        "unordered_map", "unordered_set", "utility", "vector",
    ];

    /// <summary>The sources of a program whose function is called.</summary>
    /// <param name="definition">The language; not Python, whose harness calls by itself.</param>
    /// <param name="program">The program's source.</param>
    /// <param name="entry">The function's name, or Class.method; checked.</param>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: functions of this language cannot be called.</exception>
    public static ProgramSources SourcesOf(LanguageDefinition definition, string program, string entry)
    {
        switch (definition.Language)
        {
            case Language.Javascript:
                return One("program.js", $"{program}\n{Driver("driver.js", ("TARGET", JavaScriptTarget(entry)), ("ENTRY", entry))}");
            case Language.Cpp:
                return Two("program.cpp", program, "o1coder_driver.cpp", Driver("driver.cpp", ("HEADERS", CppHeaders(program)), ("TARGET", entry.Replace(".", "::", StringComparison.Ordinal))));
            case Language.Java:
                return Java(definition, program, entry);
            case Language.Csharp:
                var (type, method) = Parts(entry);
                return Two(definition.SourceName(program), program, "O1CoderDriver.cs", Driver("O1CoderDriver.cs", ("CLASS", type), ("METHOD", method)));
            case Language.Rust:
                return Rust(program, entry);
            case Language.Go:
                var (receiver, function) = Parts(entry);
                return Two(definition.SourceName(program), program, "o1coder_driver.go",
                    Driver("driver.go", ("TARGET", receiver.Length == 0 ? function : $"(&{receiver}{{}}).{function}")));
            default:
                InvalidArgument.Throw("tests[0].kind", "function", $"stdio: functions of {definition.Name} cannot be called");
                return null!;
        }
    }

    private static ProgramSources One(string name, string text) => new([new SourceFile(name, text)], name);

    private static ProgramSources Two(string name, string program, string driverName, string driver) =>
        // A program whose class is named as the driver's is for its compiler to refuse.
        new([new SourceFile(name == driverName ? $"program_{name}" : name, program), new SourceFile(driverName, driver)], driverName);

    // The header that holds all others may be there precompiled, and is then taken where it comes first; else the driver's
    // own needs cost less.
    private static string CppHeaders(string program) => program.Contains("bits/stdc++.h", StringComparison.Ordinal)
        ? "#include <bits/stdc++.h>"
        : string.Concat(s_cppHeaders.Select(header => $"#include <{header}>\n"));

    // A function of the program's scope, or else what it exports; of a class the method of a new object.
    private static string JavaScriptTarget(string entry)
    {
        var parts = entry.Split('.');
        var found = $"(typeof {parts[0]} !== \"undefined\" ? {parts[0]} : module.exports[\"{parts[0]}\"])";
        return parts.Length == 1 ? found : $"((made) => made.{parts[1]}.bind(made))(new {found}())";
    }

    // A method without a class is one of the file's class.
    private static ProgramSources Java(LanguageDefinition definition, string program, string entry)
    {
        var (type, method) = Parts(entry);
        var (own, main) = (JavaSource.PublicType(program), JavaSource.MainType(program) ?? "Main");
        var package = main.LastIndexOf('.') is >= 0 and var dot ? main[..(dot + 1)] : "";
        type = type.Length > 0 ? package + type : own is null ? main : package + own;
        return Two(definition.SourceName(program), program, "O1CoderDriver.java", Driver("O1CoderDriver.java", ("CLASS", type), ("METHOD", method)));
    }

    // Attributes of the whole crate cannot stand in a part of it.
    private static ProgramSources Rust(string program, string entry)
    {
        var (type, method) = Parts(entry);
        var signature = RustSignature.Find(program, method) ?? new RustSignature(false, []);
        var arguments = Enumerable.Range(0, signature.Types.Count).Select(signature.Argument).ToList();
        var receiver = type.Length == 0 ? "" : signature.HasReceiver ? $"{type} {{}}." : $"{type}::";
        var made = arguments.Select((argument, index) => FormattableString.Invariant($"#[allow(unused_mut)] let mut a{index}: {argument.Owned} = crate::o1coder::Take::take(&given[{index}]);"));
        var driver = Driver("driver.rs", ("COUNT", FormattableString.Invariant($"{arguments.Count}")), ("ARGUMENTS", string.Join('\n', made)),
            ("TARGET", $"{receiver}{method}({string.Join(", ", arguments.Select(argument => argument.Passed))})"));
        return Two("program.rs", CrateAttribute().Replace(program, ""), "o1coder_driver.rs", driver);
    }

    private static (string Type, string Method) Parts(string entry)
    {
        var parts = entry.Split('.');
        return parts.Length == 1 ? ("", entry) : (parts[0], parts[1]);
    }

    private static string Driver(string name, params ReadOnlySpan<(string Name, string Text)> parts)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        var text = reader.ReadToEnd();
        foreach (var part in parts)
        {
            text = text.Replace($"@{part.Name}@", part.Text, StringComparison.Ordinal);
        }

        return text;
    }

    [GeneratedRegex(@"^\s*#!\[[^\n]*\]", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CrateAttribute();
}
