using System.Diagnostics;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A started program with all processes that it starts. It has a session of its own, so that Ctrl+C in the terminal
/// reaches the AppHost alone, which then stops its resources in order.
/// </summary>
internal sealed class ManagedProcess
{
    /// <summary>The variable by which the processes of a resource are found.</summary>
    public const string MarkerVariable = "ASPIRE_PROCESS_MARKER";

    private const string AppHostVariable = "ASPIRE_APPHOST_MARKER";

    private static readonly string s_appHost = Guid.NewGuid().ToString("N");
    private static readonly TimeSpan s_drain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_orphanGrace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly string _marker;

    /// <summary>The variable that all processes of this AppHost have, as <c>NAME=value</c>.</summary>
    public static string AppHostMark { get; } = $"{AppHostVariable}={s_appHost}";

    private ManagedProcess(Process process, string marker, Action<string, bool> onLine)
    {
        _process = process;
        _marker = marker;
        Id = process.Id;
        Exited = WatchAsync(onLine);
    }

    /// <summary>The first process's id, and that of its session and group.</summary>
    public int Id { get; }

    /// <summary>Ends with the exit code when the first process has ended and its output is read.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program.</param>
    /// <param name="arguments">Its arguments after those of the command.</param>
    /// <param name="environment">Its variables in addition to the AppHost's.</param>
    /// <param name="onLine">Takes each line of output, and whether it came from standard error.</param>
    /// <exception cref="DistributedApplicationException">There is no such program or folder.</exception>
    public static ManagedProcess Start(ProcessCommand command, IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment, Action<string, bool> onLine)
    {
        var program = ExecutablePath.Find(command.FileName)
            ?? throw new DistributedApplicationException($"program '{command.FileName}' was not found");
        if (!Directory.Exists(command.WorkingDirectory))
        {
            throw new DistributedApplicationException($"working directory '{command.WorkingDirectory}' does not exist");
        }

        // setsid replaces itself by the program: no wrapper remains.
        var setsid = ExecutablePath.Find("setsid");
        var start = new ProcessStartInfo(setsid ?? program)
        {
            WorkingDirectory = command.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        IEnumerable<string> prefix = setsid is null ? [] : [program];
        foreach (var argument in prefix.Concat(command.Arguments).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in DashboardVariables.NotInherited)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var mark = Guid.NewGuid().ToString("N");
        start.Environment[MarkerVariable] = mark;
        start.Environment[AppHostVariable] = s_appHost;
        var process = Process.Start(start)
            ?? throw new DistributedApplicationException($"program '{command.FileName}' could not be started");
        var managed = new ManagedProcess(process, $"{MarkerVariable}={mark}", onLine);
        try
        {
            process.StandardInput.Write(command.StandardInput);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read its input; its exit code tells.
            return managed;
        }

        return managed;
    }

    /// <summary>
    /// Ends all processes: the first is asked to (SIGTERM) and may end its children in its own way; what is left after that,
    /// or after the grace, is asked once and then killed.
    /// </summary>
    /// <param name="grace">How long the first process may take.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        var members = ProcessTree.Find(_marker, Exited.IsCompleted ? null : Id);
        if (!Exited.IsCompleted)
        {
            Libc.Signal(Id, Libc.SIGTERM);
            await Task.WhenAny(Exited, Task.Delay(grace));
        }

        // A process may start another while the tree is read, so look again until nothing is left.
        var signal = Exited.IsCompleted ? Libc.SIGTERM : Libc.SIGKILL;
        while (true)
        {
            members.UnionWith(ProcessTree.Find(_marker, Exited.IsCompleted ? null : Id));
            members.RemoveWhere(member => !ProcessTree.IsAlive(member));
            if (members.Count == 0)
            {
                break;
            }

            foreach (var member in members)
            {
                Libc.Signal(member.Pid, signal);
            }

            await WaitForEndAsync(members, s_orphanGrace);
            signal = Libc.SIGKILL;
        }

        await Exited;
    }

    private static async Task WaitForEndAsync(HashSet<ProcessTree.Member> members, TimeSpan limit)
    {
        // They are not children of this process, so nothing tells of their end: ask.
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit && members.Any(ProcessTree.IsAlive))
        {
            await Task.Delay(s_poll);
        }
    }

    private async Task<int> WatchAsync(Action<string, bool> onLine)
    {
        var output = Task.WhenAll(
            ReadAsync(_process.StandardOutput, isError: false, onLine), ReadAsync(_process.StandardError, isError: true, onLine));
        await _process.WaitForExitAsync();

        // A child that outlives it holds the pipes open: do not wait for their end.
        await Task.WhenAny(output, Task.Delay(s_drain));
        return _process.ExitCode;
    }

    private static async Task ReadAsync(StreamReader reader, bool isError, Action<string, bool> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine(line, isError);
        }
    }
}
