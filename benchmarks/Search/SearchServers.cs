using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>Policy, Sandbox and a Coordinator that this benchmark started, over gRPC, as the AppHost starts them.</summary>
internal sealed class SearchServers : IDisposable
{
    private readonly List<ChildProcess> _processes = [];
    private readonly List<GrpcChannel> _channels = [];
    private readonly string _runs = Directory.CreateTempSubdirectory("o1coder-search-").FullName;

    private SearchServers(GrpcChannel policy, GrpcChannel coordinator)
    {
        Policy = new PolicyService.PolicyServiceClient(policy);
        Search = new SearchService.SearchServiceClient(coordinator);
    }

    /// <summary>The model.</summary>
    public PolicyService.PolicyServiceClient Policy { get; }

    /// <summary>The searches.</summary>
    public SearchService.SearchServiceClient Search { get; }

    /// <summary>Starts them and waits until all answer.</summary>
    /// <exception cref="InvalidOperationException">One ended.</exception>
    public static async Task<SearchServers> Start(string model, CancellationToken cancellationToken)
    {
        var (policy, sandbox, coordinator) = (Address(), Address(), Address());
        var (policyChannel, coordinatorChannel) = (GrpcChannel.ForAddress(policy), GrpcChannel.ForAddress(coordinator));
        var sandboxChannel = GrpcChannel.ForAddress(sandbox);
        var servers = new SearchServers(policyChannel, coordinatorChannel);
        servers._channels.AddRange([policyChannel, coordinatorChannel, sandboxChannel]);
        try
        {
            servers.Add("Policy", policy, new() { ["O1CODER_MODEL"] = Path.GetFullPath(model), ["O1CODER_OPENAI_PORT"] = "0", ["O1CODER_REMOTE"] = null });
            servers.Add("Sandbox", sandbox, []);
            servers.Add("Coordinator", coordinator, new()
            {
                ["O1CODER_RUNS"] = servers._runs,
                ["services__policy__http__0"] = policy,
                ["services__sandbox__http__0"] = sandbox,
                ["ConnectionStrings__redis"] = null,
            });
            var sandboxClient = new SandboxService.SandboxServiceClient(sandboxChannel);
            await servers._processes[0].Until(() => Answers(async () => await servers.Policy.GetModelAsync(new GetModelRequest())), cancellationToken);
            await servers._processes[1].Until(() => Answers(async () => await sandboxClient.GetCapabilitiesAsync(new GetCapabilitiesRequest())), cancellationToken);
            await servers._processes[2].Until(() => Answers(async () => await servers.Probe()), cancellationToken);
            return servers;
        }
        catch
        {
            servers.Dispose();
            throw;
        }
    }

    /// <summary>Runs one search to its end.</summary>
    public async Task<IReadOnlyList<SolveResponse>> Solve(SolveRequest request, CancellationToken cancellationToken)
    {
        using var call = Search.Solve(request, cancellationToken: cancellationToken);
        var events = new List<SolveResponse>();
        await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (one.Progress is null)
            {
                events.Add(one);
            }
        }

        return events;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channels.ForEach(channel => channel.Dispose());
        Enumerable.Reverse(_processes).ToList().ForEach(process => process.Dispose());
        Directory.Delete(_runs, recursive: true);
    }

    private static string Address() => $"http://127.0.0.1:{FreePort.Find()}";

    /// <summary>Whether a service that is asked answers, be it that it refuses.</summary>
    public static async Task<bool> Answers(Func<Task> ask)
    {
        try
        {
            await ask();
            return true;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.InvalidArgument)
        {
            // Refused, so it is there.
            return true;
        }
    }

    // A request without a problem is refused as soon as there is somebody to refuse it.
    private Task<IReadOnlyList<SolveResponse>> Probe() => Solve(new SolveRequest(), CancellationToken.None);

    private void Add(string name, string address, Dictionary<string, string?> environment) => _processes.Add(StartService(name, address, environment));

    /// <summary>Starts a service that was built beside the benchmarks.</summary>
    /// <param name="name">Its project.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="environment">Its other variables.</param>
    public static ChildProcess StartService(string name, string address, Dictionary<string, string?> environment)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(Repository.Root, "services", name, "bin", framework.Parent!.Name, framework.Name, $"O1Coder.{name}");
        environment["ASPNETCORE_URLS"] = address;
        environment["O1CODER_HEALTH_PORT"] = null;
        return ChildProcess.Start(program, [], environment);
    }
}
