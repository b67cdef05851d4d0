using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Prm.Tests;

/// <summary>The real service before a scripted Policy, and requests for it.</summary>
internal sealed class PrmHost : IAsyncDisposable
{
    private ServiceHost _policy = null!;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    public ScriptedPolicy Policy { get; } = new();

    public V1.PrmService.PrmServiceClient Client { get; private set; } = null!;

    public static async Task<PrmHost> StartAsync()
    {
        var host = new PrmHost();
        host._policy = await ServiceHost.StartAsync(host.Policy);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("services:policy:http:0", (string?)host._policy.Address)]);
        builder.AddServiceDefaults().AddPrm();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        host._app = builder.Build();
        host._app.MapGrpcService<PrmGrpcService>();
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host._channel = GrpcChannel.ForAddress(host._app.Urls.Single());
        host.Client = new V1.PrmService.PrmServiceClient(host._channel.Intercept(new V1.CallEndInterceptor()));
        return host;
    }

    public async Task<V1.ScoreStepsResponse> ScoreAsync(V1.ScoreStepsRequest request) => await Client.ScoreStepsAsync(
        request, deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: TestContext.Current.CancellationToken);

    public async Task<V1.CompareResponse> CompareAsync(V1.CompareRequest request) => await Client.CompareAsync(
        request, deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: TestContext.Current.CancellationToken);

    public async Task<List<V1.TrainingExample>> BuildAsync(V1.BuildPrmDataRequest request)
    {
        var token = TestContext.Current.CancellationToken;
        using var call = Client.BuildPrmData(request, deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: token);
        return [.. (await call.ResponseStream.ReadAllAsync(token).ToListAsync(token)).Select(one => one.Example)];
    }

    public static V1.Problem Problem() => new()
    {
        Id = "add",
        Statement = "Add two numbers.",
        Mode = V1.ProblemMode.Function,
        Signature = "def add(a: int, b: int) -> int:",
        VisibleTests = { new V1.TestCase { Assertion = new V1.AssertionTest { Code = "assert add(1, 2) == 3" } } },
        HiddenTests = { new V1.TestCase { Assertion = new V1.AssertionTest { Code = "assert add(9, 9) == 18" } } },
        ReferenceSolutions = { "def add(a, b): return a + b  # secret" },
    };

    public static V1.ReasoningStep Step(string text, V1.StepAction action = V1.StepAction.DefineStructure) => new() { Action = action, Text = text };

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        await _policy.DisposeAsync();
    }
}
