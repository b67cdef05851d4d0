using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>Calls the AppHost's resource service.</summary>
internal sealed class AppHostClient : IDisposable
{
    // Console lines can be long, and many come at once.
    private const int MostBytes = 64 << 20;

    private const string ApiKeyHeader = "x-resource-service-api-key";

    private readonly GrpcChannel? _channel;
    private readonly ResourceService.ResourceService.ResourceServiceClient? _client;
    private readonly Metadata _headers = [];

    /// <summary>Opens nothing yet: the first call does.</summary>
    public AppHostClient(AppHostOptions options)
    {
        if (options.Endpoint is null)
        {
            return;
        }

        // The pings notice an AppHost that was killed while nothing is said.
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        _channel = GrpcChannel.ForAddress(options.Endpoint, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MostBytes,
        });
        _client = new(_channel);
        if (!string.IsNullOrEmpty(options.ApiKey))
        {
            _headers.Add(ApiKeyHeader, options.ApiKey);
        }
    }

    /// <summary>Whether there is an AppHost at all.</summary>
    public bool HasAppHost => _client is not null;

    private ResourceService.ResourceService.ResourceServiceClient Client =>
        _client ?? throw new InvalidOperationException($"There is no AppHost: {AppHostOptions.EndpointVariable} is not set.");

    /// <summary>Who serves.</summary>
    /// <exception cref="RpcException">It does not answer, or refuses the key.</exception>
    public async Task<Application> GetApplicationAsync(CancellationToken cancellationToken) =>
        await Client.GetApplicationAsync(new GetApplicationRequest(), _headers, cancellationToken: cancellationToken);

    /// <summary>The resources, then what changes. Ends with the AppHost.</summary>
    /// <exception cref="RpcException">The connection broke.</exception>
    public async IAsyncEnumerable<ResourcesChange> WatchResourcesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = Client.WatchResources(new WatchResourcesRequest(), _headers, cancellationToken: cancellationToken);
        await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return change;
        }
    }

    /// <summary>An instance's console lines from the oldest kept; <paramref name="follow"/>: and those to come.</summary>
    /// <exception cref="RpcException">The connection broke, or there is no such instance.</exception>
    public async IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(
        string instanceName, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new WatchConsoleLogsRequest { InstanceName = instanceName, NoFollow = !follow };
        using var call = Client.WatchConsoleLogs(request, _headers, cancellationToken: cancellationToken);
        await foreach (var lines in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return lines.Lines;
        }
    }

    /// <summary>Runs a command to its end. What goes wrong on the way is an answer too.</summary>
    public async Task<ExecuteCommandResponse> ExecuteAsync(string instanceName, string command, CancellationToken cancellationToken)
    {
        try
        {
            return await Client.ExecuteCommandAsync(
                new ExecuteCommandRequest { InstanceName = instanceName, Command = command }, _headers, cancellationToken: cancellationToken);
        }
        catch (RpcException refused) when (!cancellationToken.IsCancellationRequested)
        {
            return new ExecuteCommandResponse { Result = ExecuteCommandResult.Failed, Message = Describe(refused) };
        }
    }

    /// <summary>What a failed call means to a person.</summary>
    public static string Describe(RpcException failure) => failure.StatusCode switch
    {
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => "The AppHost refuses the dashboard's key.",
        StatusCode.Unavailable => "The AppHost does not answer.",
        _ => failure.Status.Detail is "" ? failure.StatusCode.ToString() : failure.Status.Detail,
    };

    /// <inheritdoc/>
    public void Dispose() => _channel?.Dispose();
}
