using System.Text.Json;
using O1Coder.Cli.Display;
using O1Coder.Search;

namespace O1Coder.Cli.Searching;

/// <summary>The search methods, for people or as JSON.</summary>
internal static class MethodList
{
    /// <summary>Prints them.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="json">As one JSON object.</param>
    /// <returns>The exit code.</returns>
    public static int Write(Terminal terminal, bool json)
    {
        var methods = SearchMethods.All.Select(method => method.Description).ToList();
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(new { Methods = methods.Select(Shape) }, JsonOutput.Options));
        }
        else
        {
            foreach (var method in methods)
            {
                Write(terminal.Out, method);
            }
        }

        terminal.Out.Flush();
        return ExitCodes.Solved;
    }

    private static object Shape(MethodDescription method) => new
    {
        method.Name,
        method.Summary,
        method.Paper,
        method.Needs,
        Settings = method.Settings.Select(setting => new { setting.Name, setting.Default, setting.Expected, setting.Meaning, setting.Source }),
    };

    private static void Write(TextWriter output, MethodDescription method)
    {
        output.WriteLine($"{method.Name}: {method.Summary}");
        output.WriteLine($"  {method.Paper}");
        if (method.Needs.Length > 0)
        {
            output.WriteLine($"  needs: {method.Needs}");
        }

        foreach (var setting in method.Settings)
        {
            output.WriteLine($"  --set {setting.Name}={setting.Default}  {setting.Meaning} ({setting.Expected}; {setting.Source})");
        }
    }
}
