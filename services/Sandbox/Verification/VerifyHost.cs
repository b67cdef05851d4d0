using System.Globalization;
using Grpc.Net.Client;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox.Verification;

/// <summary>The real service on a free port of the loopback, called over gRPC as any other would.</summary>
internal sealed class VerifyHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private VerifyHost(WebApplication app, ServiceLog log)
    {
        _app = app;
        Log = log;
        _channel = GrpcChannel.ForAddress(app.Urls.Single(), new GrpcChannelOptions { MaxReceiveMessageSize = ServiceDefaultsExtensions.MaxMessageBytes });
        Client = new SandboxService.SandboxServiceClient(_channel);
    }

    /// <summary>The client.</summary>
    public SandboxService.SandboxServiceClient Client { get; }

    /// <summary>What the service logs.</summary>
    public ServiceLog Log { get; }

    /// <summary>What runs the boxes.</summary>
    public Launcher Launcher => _app.Services.GetRequiredService<Launcher>();

    /// <summary>Waits until nothing is being made ahead that no case asked for.</summary>
    public Task SettleAsync() => _app.Services.GetRequiredService<Languages.ProgramCompiler>().Preparations.SettleAsync();

    /// <summary>Starts the service.</summary>
    /// <param name="boxes">Boxes at once.</param>
    /// <param name="limiter">auto, cgroup-v2, cgroup-v1 or rlimit.</param>
    /// <exception cref="SandboxUnavailableException">Programs cannot be isolated here, or not with that limiter.</exception>
    public static async Task<VerifyHost> StartAsync(int boxes, string limiter)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{SandboxOptions.Section}:{nameof(SandboxOptions.Concurrency)}"] = boxes.ToString(CultureInfo.InvariantCulture),
            [$"{SandboxOptions.Section}:{nameof(SandboxOptions.Limiter)}"] = limiter,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddSandbox();
        var log = new ServiceLog();
        builder.Logging.ClearProviders().AddProvider(log);
        var app = builder.Build();
        try
        {
            await app.UseSandboxAsync();
            await app.StartAsync();
            return new VerifyHost(app, log);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
    }
}
