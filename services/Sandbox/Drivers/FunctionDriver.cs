using System.Reflection;
using System.Text;
using O1Coder.Sandbox.Languages;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox.Drivers;

/// <summary>
/// Puts beside a program what calls one function of it: a driver in its own language, which reads the call from standard
/// input, converts the arguments to the parameters' types and answers plain data on descriptor 3. The expected value is
/// not among what it gets.
/// </summary>
internal static class FunctionDriver
{
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
                return One("program.js", $"{program}\n{Driver("driver.js", entry, JavaScriptTarget(entry))}");
            case Language.Cpp:
                return Two("program.cpp", program, "o1coder_driver.cpp", Driver("driver.cpp", entry, entry.Replace(".", "::", StringComparison.Ordinal)));
            default:
                InvalidArgument.Throw("tests[0].kind", "function", $"stdio: functions of {definition.Name} cannot be called");
                return null!;
        }
    }

    private static ProgramSources One(string name, string text) => new([new SourceFile(name, text)], name);

    private static ProgramSources Two(string name, string program, string driverName, string driver) =>
        new([new SourceFile(name, program), new SourceFile(driverName, driver)], driverName);

    // A function of the program's scope, or else what it exports; of a class the method of a new object.
    private static string JavaScriptTarget(string entry)
    {
        var parts = entry.Split('.');
        var found = $"(typeof {parts[0]} !== \"undefined\" ? {parts[0]} : module.exports[\"{parts[0]}\"])";
        return parts.Length == 1 ? found : $"((made) => made.{parts[1]}.bind(made))(new {found}())";
    }

    private static string Driver(string name, string entry, string target)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        return reader.ReadToEnd().Replace("@TARGET@", target, StringComparison.Ordinal).Replace("@ENTRY@", entry, StringComparison.Ordinal);
    }
}
