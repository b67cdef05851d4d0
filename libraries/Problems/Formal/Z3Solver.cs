using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace O1Coder.Problems;

/// <summary>
/// The program <c>z3</c> (de Moura and Bjørner, 2008), which reads a script from standard input. It has limits of time and
/// memory of its own and is killed when they do not hold, or when the caller gives up.
/// </summary>
public sealed partial class Z3Solver : ISmtSolver
{
    private const int MostOutput = 64 * 1024;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    private readonly string _program;

    /// <summary>Takes a program.</summary>
    /// <param name="program">The program's path.</param>
    public Z3Solver(string program)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        _program = program;
    }

    /// <summary>Time for one script.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Memory, MiB.</summary>
    public int Memory { get; init; } = 512;

    /// <summary>The z3 of PATH; null where there is none.</summary>
    public static Z3Solver? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "z3.exe" : "z3"))
        .Where(File.Exists)
        .Select(path => new Z3Solver(path))
        .FirstOrDefault();

    /// <inheritdoc/>
    public async Task<SmtAnswer> SolveAsync(string script, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(script);
        using var process = new Process { StartInfo = Start() };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new SmtAnswer(SmtAnswerKind.Unknown, $"{_program} cannot be started: {exception.Message}");
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Limit + s_grace);
        try
        {
            var errors = ReadAsync(process.StandardError, late.Token);
            var writing = WriteAsync(process, script, late.Token);
            var output = await ReadAsync(process.StandardOutput, late.Token);
            await writing;
            await process.WaitForExitAsync(late.Token);
            return AnswerOf(output, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TimedOut;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private SmtAnswer TimedOut => new(SmtAnswerKind.Unknown, FormattableString.Invariant($"no answer within {Limit.TotalSeconds:0.#} s"));

    private ProcessStartInfo Start() => new(_program)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
        ArgumentList =
        {
            "-smt2", "-in",
            string.Create(CultureInfo.InvariantCulture, $"-T:{Math.Max(1, (int)Math.Ceiling(Limit.TotalSeconds))}"),
            string.Create(CultureInfo.InvariantCulture, $"-memory:{Memory}"),
        },
    };

    private static async Task WriteAsync(Process process, string script, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(script.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it read everything; what it printed says why.
            return;
        }
    }

    // More than the limit is read and dropped: a pipe that nobody reads would hold the program.
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new System.Text.StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            text.Append(buffer, 0, Math.Min(read, MostOutput - text.Length));
        }

        return text.ToString();
    }

    private SmtAnswer AnswerOf(string output, string errors)
    {
        var end = output.IndexOf('\n', StringComparison.Ordinal);
        var first = (end < 0 ? output : output[..end]).Trim();
        return first switch
        {
            "unsat" => new SmtAnswer(SmtAnswerKind.Unsatisfiable, ""),
            "sat" => new SmtAnswer(SmtAnswerKind.Satisfiable, "") { Values = ValuesOf(output[(end < 0 ? output.Length : end)..]) },
            "timeout" => TimedOut,
            "unknown" => new SmtAnswer(SmtAnswerKind.Unknown, "the solver does not know"),
            _ => new SmtAnswer(SmtAnswerKind.Unknown, $"the solver said \"{PythonAssertions.Shorten((first + " " + errors).Trim())}\""),
        };
    }

    private static Dictionary<string, string> ValuesOf(string output) => Value().Matches(output).ToDictionary(
        match => match.Groups["name"].Value,
        match => match.Groups["minus"].Success ? $"-{match.Groups["number"].Value}"
            : match.Groups["number"].Success ? match.Groups["number"].Value
            : match.Groups["bool"].Value == "true" ? "True" : "False");

    [GeneratedRegex(@"\((?<name>[at]\d+)\s+(?:\((?<minus>-)\s+(?<number>\d+)\)|(?<number>\d+)|(?<bool>true|false))\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Value();
}
