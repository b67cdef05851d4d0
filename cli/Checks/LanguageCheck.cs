using System.Text.RegularExpressions;

namespace O1Coder.Cli.Checks;

/// <summary>One language of the sandbox: the version of its toolchain, or what to install. Searches do without those that they do not use.</summary>
/// <param name="language">Its name for people.</param>
/// <param name="program">What is asked.</param>
/// <param name="arguments">How it is asked for its version.</param>
/// <param name="install">What to install.</param>
internal sealed partial class LanguageCheck(string language, string program, string arguments, string install) : ICheck
{
    /// <summary>Every language but Python, which has a check of its own because nothing runs without it.</summary>
    public static IReadOnlyList<ICheck> All { get; } =
    [
        new LanguageCheck("C++", "g++", "-dumpfullversion", "install g++ (apt-get install g++) to run C++ programs"),
        new LanguageCheck("C", "gcc", "-dumpfullversion", "install gcc (apt-get install gcc libc6-dev) to run C programs"),
        new LanguageCheck("Java", "javac", "-version", "install a JDK (apt-get install openjdk-17-jdk-headless) to run Java programs"),
        new LanguageCheck("JavaScript", "node", "--version", "install Node.js (apt-get install nodejs) to run JavaScript programs"),
        new LanguageCheck("Rust", "rustc", "--version", "install rustc (rustup, or apt-get install rustc) and gcc to run Rust programs"),
        new LanguageCheck("Go", "go", "version", "install Go (apt-get install golang) to run Go programs"),
        new LanguageCheck("C#", "dotnet", "--version", "install the .NET SDK to run C# programs"),
    ];

    public Finding Run(Surroundings surroundings)
    {
        var (exitCode, output) = ProgramProbe.Run(program, arguments);
        return exitCode == 0 && Number().Match(output) is { Success: true } version
            ? new Finding(language, Health.Ok, $"{version.Value} by {program}")
            : new Finding(language, Health.Warning, exitCode is null ? output : $"{program} says no version: {output.Split('\n')[0]}", install);
    }

    [GeneratedRegex(@"\d+(?:\.\d+)+")]
    private static partial Regex Number();
}
