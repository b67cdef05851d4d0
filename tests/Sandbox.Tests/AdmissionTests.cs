using Microsoft.Extensions.Options;

namespace O1Coder.Sandbox.Tests;

public sealed class AdmissionTests
{
    [Fact]
    public async Task The_depth_of_the_queue_is_what_waits_for_a_box()
    {
        var admission = new Admission(Options.Create(new SandboxOptions { Concurrency = 1, Queue = 8 }));
        using var call = admission.Enter();
        var program = call.AddProgram();
        using var cancelled = new CancellationTokenSource();

        var first = await admission.TakeBoxAsync(program, CancellationToken.None);
        var second = admission.TakeBoxAsync(program, CancellationToken.None);
        var third = admission.TakeBoxAsync(program, cancelled.Token);
        Assert.Equal((1, 2), (admission.Requests, admission.Waiting));

        await cancelled.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => third);
        Assert.Equal(1, admission.Waiting);

        first.Dispose();
        (await second).Dispose();
        Assert.Equal(0, admission.Waiting);
    }
}
