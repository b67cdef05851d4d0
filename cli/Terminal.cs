using System.Text;
using Spectre.Console;

namespace O1Coder.Cli;

/// <summary>
/// What the command line reads from and writes to. The AppHost hands in its own, tests hand in strings; everybody else
/// takes <see cref="System"/>.
/// </summary>
public sealed class Terminal
{
    /// <summary>The narrowest width that is drawn for, in columns.</summary>
    public const int LeastWidth = 20;

    /// <summary>The narrowest width that help is wrapped to, in columns.</summary>
    internal const int LeastHelpWidth = 40;

    private const int PipeWidth = 100;

    /// <summary>Standard input.</summary>
    public required TextReader In { get; init; }

    /// <summary>Whether standard input is a keyboard.</summary>
    public bool InIsInteractive { get; init; }

    /// <summary>Standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether standard output is a terminal that can redraw what it shows.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Columns and rows of the terminal now; asked for before every drawing, so that resizing works.</summary>
    public Func<(int Width, int Height)> Size { get; init; } = () => (PipeWidth, 50);

    /// <summary>Reads an environment variable; null where there is none.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Relative file names start here.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>The clock that elapsed times and redraws come from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether colours are shown: on a terminal, unless NO_COLOR is set (no-color.org).</summary>
    public bool HasColors => IsInteractive && string.IsNullOrEmpty(Variable("NO_COLOR"));

    /// <summary>The process's own streams.</summary>
    public static Terminal System()
    {
        // One large buffer that is flushed once a Write: a frame of the live view reaches the terminal in one piece.
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 64 * 1024) { AutoFlush = true };
        var interactive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Terminal
        {
            In = Console.In,
            InIsInteractive = !Console.IsInputRedirected,
            Out = output,
            Error = Console.Error,
            IsInteractive = interactive,
            Size = interactive ? () => (Console.WindowWidth, Console.WindowHeight) : () => (PipeWidth, 50),
        };
    }

    /// <summary>
    /// A console of this terminal's present size and colours that writes to <paramref name="writer"/>; only the sixteen
    /// colours that the user's theme defines are used.
    /// </summary>
    internal IAnsiConsole CreateConsole(TextWriter writer, int? width = null)
    {
        var size = Size();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsInteractive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width ?? Math.Max(LeastWidth, size.Width);
        console.Profile.Height = Math.Max(1, size.Height);
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>The same without standard output, for what a process says beside its result.</summary>
    internal Terminal Silenced() => new() { In = In, Out = TextWriter.Null, Error = Error, Variable = Variable, WorkingDirectory = WorkingDirectory, Clock = Clock };

    /// <summary>A name of the user's as an absolute path.</summary>
    internal string FullPath(string name) => Path.GetFullPath(name, WorkingDirectory);

    /// <summary>A name of the user's as a path that leads to it; as it was given where it can be, since messages repeat it.</summary>
    internal string PathOf(string name) => WorkingDirectory == Environment.CurrentDirectory ? name : FullPath(name);

    /// <summary>Says what went wrong in one line on standard error, and gives the exit code for it.</summary>
    internal int Report(string message)
    {
        Error.WriteLine($"o1coder: {Display.TerminalText.OneLine(message)}");
        Error.Flush();
        return ExitCodes.BadInput;
    }
}
