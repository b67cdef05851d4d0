using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

/// <summary>A coordinator on a free port of this machine that answers every search from a script.</summary>
internal sealed class ScriptedSearch : SearchService.SearchServiceBase, IAsyncDisposable
{
    private readonly Func<IServerStreamWriter<SolveResponse>, CancellationToken, Task> _script;
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _application;

    private ScriptedSearch(Func<IServerStreamWriter<SolveResponse>, CancellationToken, Task> script) => _script = script;

    public Uri Address { get; private set; } = null!;

    public SolveRequest? Request { get; private set; }

    public DateTime Deadline { get; private set; }

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
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(service);
        service._application = builder.Build();
        service._application.MapGrpcService<ScriptedSearch>();
        await service._application.StartAsync(TestContext.Current.CancellationToken);
        service.Address = new Uri(service._application.Urls.Single());
        return service;
    }

    public override async Task Solve(SolveRequest request, IServerStreamWriter<SolveResponse> responseStream, ServerCallContext context)
    {
        Request = request;
        Deadline = context.Deadline;
        using var registration = context.CancellationToken.Register(() => _cancelled.TrySetResult());
        await _script(responseStream, context.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }
}
