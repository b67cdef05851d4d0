using System.Diagnostics;

namespace O1Coder.Sandbox.Tests;

/// <summary>What the launcher's supervisor does where a run's outcome depends on who is scheduled first.</summary>
public sealed class SupervisorTests
{
    // Everything has ended when the supervisor first looks, and more than one read's worth waits on descriptor 3.
    private const string EndedBeforeItWasRead = """
        import os, socket, time, types, supervisor
        run = supervisor.Run(types.SimpleNamespace())
        run.job = types.SimpleNamespace(sample=lambda first: (0.0, 0))
        run.conn, over = socket.socketpair()
        run.mode, run.given = "stdio", b""
        run.limits = {"wall_seconds": 10, "cpu_seconds": 10, "memory_bytes": 1 << 20, "output_bytes": 1 << 20}
        pipes = {name: os.pipe() for name in ("in", "out", "err", "status", "report")}
        for name in ("out", "err", "status", "report"):
            os.close(pipes[name][1])
        mine, theirs = (end.detach() for end in socket.socketpair())
        os.write(theirs, bytes(150000))
        os.close(theirs)
        print(run.watch(0, pipes, mine, time.monotonic()), len(run.control))
        """;

    [Fact]
    public async Task What_was_said_on_descriptor_3_before_the_end_is_heard()
    {
        var python = new ProcessStartInfo("python3", ["-B", "-c", EndedBeforeItWasRead])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(Repository.Root, "services", "Sandbox", "Launcher"),
        };
        using var process = Process.Start(python)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("exit 150000", said.Trim());
    }
}
