using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.Tests;

/// <summary>The real service on a free loopback port, with a loader of the test's own.</summary>
internal sealed class PolicyHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PolicyHost(WebApplication app)
    {
        _app = app;
        Channel = GrpcChannel.ForAddress(app.Urls.Single());
        Client = new V1.PolicyService.PolicyServiceClient(Channel.Intercept(new V1.CallEndInterceptor()));
    }

    public GrpcChannel Channel { get; }

    public V1.PolicyService.PolicyServiceClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts the service as it is, with the embedded model, and waits until that is loaded.</summary>
    public static async Task<PolicyHost> StartEmbeddedAsync(params string[] settings) =>
        await LoadedAsync(await StartAsync((IModelLoader?)null, settings));

    /// <summary>Starts the service on our own kernels with a model of the test's, and waits until that is loaded.</summary>
    /// <param name="model">The model's folder.</param>
    /// <param name="settings">Names and values of settings, in turn: <c>"--O1CODER_QUEUE", "8"</c>.</param>
    public static async Task<PolicyHost> StartModelAsync(string model, params string[] settings) => await LoadedAsync(
        await StartAsync((IModelLoader?)null, ["--O1CODER_MODEL", model, "--O1CODER_BACKEND", "Cpu", .. settings]));

    /// <summary>Starts the service and waits until the scripted engine is in place.</summary>
    public static async Task<PolicyHost> StartAsync(IInferenceEngine engine, params string[] settings) => await LoadedAsync(
        await StartAsync(new Loader(_ => new LoadedModel(EmbeddedModel.Shared, engine, TimeSpan.FromSeconds(1.5))), settings));

    /// <summary>Starts the service over an OpenAI-compatible server and waits until that has been asked what it can do.</summary>
    public static async Task<PolicyHost> StartRemoteAsync(string server) => await LoadedAsync(
        await StartAsync((IModelLoader?)null, "--O1CODER_REMOTE", server));

    /// <summary>Starts the service, which begins to load as told.</summary>
    public static Task<PolicyHost> StartAsync(Func<CancellationToken, LoadedModel> load) => StartAsync(new Loader(load));

    private static async Task<PolicyHost> StartAsync(IModelLoader? loader, params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", "--O1CODER_MODEL", EmbeddedModel.Folder, .. settings]);
        builder.AddServiceDefaults().AddPolicyServices();
        builder.Logging.ClearProviders();
        if (loader is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(loader));
        }

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<PolicyGrpcService>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new PolicyHost(app);
    }

    private static async Task<PolicyHost> LoadedAsync(PolicyHost host)
    {
        var model = host.Services.GetRequiredService<ModelHost>();
        while (model.Loaded is null)
        {
            Assert.Null(model.Failure);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        return host;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class Loader(Func<CancellationToken, LoadedModel> load) : IModelLoader
    {
        public LoadedModel Load(CancellationToken cancellationToken) => load(cancellationToken);
    }
}
