using System.Text;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.Sandbox.Languages;

namespace O1Coder.Sandbox.Tests.Languages;

/// <summary>The box of a command: what comes out of it comes through a descriptor, and only what is plain.</summary>
public sealed class CommandTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private static readonly BoxLimits s_limits = new(5, 20, 64L << 20, 16, 64 << 10, 1 << 20, 32, 8 << 20, 256);

    private CommandClient Client => host.Services.GetRequiredService<CommandClient>();

    [Fact]
    public async Task Plain_files_come_back_with_their_folders()
    {
        var result = await ShellAsync("mkdir out/a && printf one > out/a/b && printf '\\001\\377' > out/c && chmod +x out/c && echo said");
        Assert.Null(result.Fault);
        Assert.Equal([("a/b", false, 3), ("c", true, 2)], result.Files.Select(file => (file.Name, file.IsExecutable, file.Content.Length)));
        Assert.Equal([1, 255], result.Files[1].Content);
        Assert.Equal("said\n", Encoding.UTF8.GetString(result.Facts.Output));
    }

    [Theory]
    [InlineData("ln -s /dev/zero out/program", "symbolic link")]
    [InlineData("ln -s / out/folder", "symbolic link")]
    [InlineData("mkfifo out/program", "plain file")]
    [InlineData("echo a > a && ln a out/program", "plain file")]
    [InlineData("rm -r out && ln -s / out", "symbolic link|irectory")]
    [InlineData("rm -r out && mkfifo out", "irectory")]
    [InlineData("rm -r out", "No such file")]
    [InlineData("head -c 900000 /dev/zero > out/a && cp out/a out/b", "larger than the limit")]
    [InlineData("d=out; for i in 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8; do d=$d/d; mkdir $d; done", "in one another")]
    public async Task What_is_no_plain_file_does_not(string script, string reason)
    {
        var result = await ShellAsync(script);
        Assert.Equal((0, null), (result.Facts.ExitStatus, result.Facts.Error));
        Assert.Empty(result.Files);
        Assert.Matches(reason, result.Fault);
    }

    [Fact]
    public async Task A_file_that_is_swapped_all_the_time_is_read_when_nobody_is_left()
    {
        var result = await ShellAsync("(while :; do rm -f out/p; ln -s /dev/zero out/p; rm -f out/p; echo plain > out/p; done) & sleep 0.3; exit 0");
        Assert.True(result.Fault is not null || result.Files is [] or [{ Content.Length: 0 or 6 }], $"{result}");
    }

    [Fact]
    public async Task A_failed_step_is_the_last_and_brings_nothing_back()
    {
        var result = await StepsAsync(["echo first > out/a", "cat out/a; exit 3", "echo third"]);
        Assert.Equal((3, "first\n"), (result.Facts.ExitStatus, Encoding.UTF8.GetString(result.Facts.Output)));
        Assert.Empty(result.Files);
        Assert.Null(result.Fault);
    }

    [Fact]
    public async Task Descriptor_3_is_a_line_to_the_supervisor()
    {
        var said = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 60_000).Select(number => $"{number}\n")));
        var result = await ShellAsync("cat <&3 >&3; echo done", said);
        Assert.Equal("done\n", Encoding.UTF8.GetString(result.Facts.Output));
        Assert.Equal(said, result.Channel);
    }

    [Fact]
    public async Task A_program_that_leaves_descriptor_3_alone_ends_as_any_other()
    {
        var result = await ShellAsync("echo done", new byte[4 << 20]);
        Assert.Equal(("exit", 0), (result.Facts.Reason, result.Facts.ExitStatus));
        Assert.Empty(result.Channel);
    }

    [Fact]
    public async Task Without_a_channel_there_is_no_descriptor_above_2()
    {
        var result = await ShellAsync("for n in 3 4 5 6 7 8 9; do (: >&$n) 2>/dev/null && echo $n; done; exit 0");
        Assert.Equal("", Encoding.UTF8.GetString(result.Facts.Output));
    }

    [Theory]
    [InlineData(false, "no proc")]
    [InlineData(true, "2\nno kernel settings\nno environ")]
    public async Task Proc_shows_the_boxs_own_processes_alone(bool needsProc, string expected)
    {
        var result = await ShellAsync("test -d /proc/self || { echo no proc; exit; }; cd /proc; for p in [0-9]*; do case $p in 2) echo 2;; *) test -e $p/comm && test $(cut -d' ' -f5 $p/stat) != 2 && echo $p;; esac; done; "
            + "test -e /proc/sys || echo no kernel settings; cat /proc/1/environ /proc/1/cmdline 2>/dev/null || echo no environ", needsProc: needsProc);
        Assert.Equal(expected, Encoding.UTF8.GetString(result.Facts.Output).Trim());
    }

    private Task<CommandResult> ShellAsync(string script, ReadOnlyMemory<byte>? channel = null, bool needsProc = false) => StepsAsync([script], channel, needsProc);

    private async Task<CommandResult> StepsAsync(string[] scripts, ReadOnlyMemory<byte>? channel = null, bool needsProc = false)
    {
        var probe = new ToolchainProbe();
        var tools = new[] { "sh", "ln", "mkfifo", "mkdir", "rm", "cp", "cat", "head", "chmod", "sleep", "cut" }.Select(name => ToolchainProbe.Which(name)!).ToList();
        var objects = await probe.SharedObjectsAsync(tools[0], tools.Skip(1), TestContext.Current.CancellationToken);
        var command = new BoxCommand([.. scripts.Select(script => (IReadOnlyList<string>)[tools[0], "-c", script])], BoxView.Of([.. tools, .. objects]),
            new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" })
        { NeedsProc = needsProc };
        return await Client.RunAsync(new CommandRequest(command, s_limits, [], default) { Collects = true, CollectBytes = 1 << 20, Channel = channel },
            TestContext.Current.CancellationToken);
    }
}
