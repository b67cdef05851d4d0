using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

/// <summary>A coordinator on a free port of this machine that answers every search from a script.</summary>
internal sealed class ScriptedSearch : SearchService.SearchServiceBase, IAsyncDisposable
{
    private readonly Func<IServerStreamWriter<SolveResponse>, CancellationToken, Task> _script;
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceHost? _server;

    private ScriptedSearch(Func<IServerStreamWriter<SolveResponse>, CancellationToken, Task> script) => _script = script;

    public Uri Address => new(_server!.Address);

    public SolveRequest? Request { get; private set; }

    public DateTime Deadline { get; private set; }

    /// <summary>The W3C trace context of the last call, if it had one.</summary>
    public string? TraceParent { get; private set; }

    /// <summary>Ends when a call was cancelled before its script had ended.</summary>
    public Task Cancelled => _cancelled.Task;

    public static Task<ScriptedSearch> StartAsync(params SolveResponse[] script) => StartAsync(async (stream, cancellationToken) =>
    {
        foreach (var response in script)
        {
            await stream.WriteAsync(response, cancellationToken);
        }
    });

    public static async Task<ScriptedSearch> StartAsync(Func<IServerStreamWriter<SolveResponse>, CancellationToken, Task> script)
    {
        var service = new ScriptedSearch(script);
        service._server = await ServiceHost.StartAsync(service);
        return service;
    }

    public override async Task Solve(SolveRequest request, IServerStreamWriter<SolveResponse> responseStream, ServerCallContext context)
    {
        Request = request;
        Deadline = context.Deadline;
        TraceParent = context.RequestHeaders.GetValue("traceparent");
        using var registration = context.CancellationToken.Register(() => _cancelled.TrySetResult());
        await _script(responseStream, context.CancellationToken);
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
