using System.Diagnostics;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>One way to run a trivial program.</summary>
/// <param name="Name">For people.</param>
/// <param name="Run">Runs it once; throws where it did not do what it should.</param>
internal sealed record SandboxContender(string Name, Func<CancellationToken, Task> Run)
{
    private const string Program = "print(int(input()) + 1)";

    /// <summary>The one that ours is compared with first.</summary>
    public bool IsIsolated { get; private init; }

    /// <summary>Ours first, then the others, all with the interpreter that the service found.</summary>
    public static IReadOnlyList<SandboxContender> All(SandboxServer server)
    {
        var python = server.Python.Split(' ')[0];
        return
        [
            new("ours, over gRPC", token => Ours(server, token)),
            new("python3 -I -c pass", token => Start(python, ["-I", "-c", "pass"], token)),
            Isolated(python),
            new("plain subprocess", token => Plain(python, token)),
        ];
    }

    private static SandboxContender Isolated(string python)
    {
        if (Find("bwrap") is { } bubblewrap)
        {
            return new("bubblewrap + python3", token => Start(bubblewrap,
                ["--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev", python, "-I", "-c", "pass"], token))
            { IsIsolated = true };
        }

        Console.WriteLine("bubblewrap is not here (apt-get install bubblewrap): unshare(1) of util-linux stands in for it");
        return new("unshare + python3", token => Start("unshare",
            ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--net", "--ipc", "--uts", "--cgroup", python, "-I", "-c", "pass"], token))
        { IsIsolated = true };
    }

    private static async Task Ours(SandboxServer server, CancellationToken cancellationToken)
    {
        var response = await server.Execute(Program, "41", "42", cancellationToken);
        if (response.Verdict != Verdict.Accepted)
        {
            throw new InvalidOperationException($"the sandbox says {response.Verdict}: {response.FirstFailure}");
        }
    }

    private static async Task Start(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
        }
    }

    // As reward functions do it: the program in a temporary file, its input and output over pipes, a time limit.
    private static async Task Plain(string python, CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Program, cancellationToken);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(60));
            using var process = Process.Start(new ProcessStartInfo(python, [file])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            await process.StandardInput.WriteAsync("41");
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            if ((await output).Trim() != "42")
            {
                throw new InvalidOperationException($"the plain subprocess said {await output} {await errors}");
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
