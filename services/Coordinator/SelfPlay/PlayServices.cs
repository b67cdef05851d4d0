using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>What the steps of self-play work with.</summary>
internal sealed class PlayServices(
    V1.TcgService.TcgServiceClient tcg, V1.PrmService.PrmServiceClient prm, V1.TrainerService.TrainerServiceClient trainer,
    V1.PolicyService.PolicyServiceClient policyClient, IEvaluator evaluator, AdapterLoader adapters, SandboxRunner sandbox,
    PolicyGenerator policy, Outages outages, CoordinatorOptions options, SelfPlayOptions playOptions, TimeProvider clock,
    IServiceProvider provider)
{
    private static readonly TimeSpan s_unloadDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Writes test cases.</summary>
    public V1.TcgService.TcgServiceClient Tcg => tcg;

    /// <summary>Scores steps.</summary>
    public V1.PrmService.PrmServiceClient Prm => prm;

    /// <summary>Trains.</summary>
    public V1.TrainerService.TrainerServiceClient Trainer => trainer;

    /// <summary>Evaluates.</summary>
    public IEvaluator Evaluator => evaluator;

    /// <summary>Has Policy serve adapters.</summary>
    public AdapterLoader Adapters => adapters;

    /// <summary>Runs programs.</summary>
    public SandboxRunner Sandbox => sandbox;

    /// <summary>Knows the model.</summary>
    public PolicyGenerator Policy => policy;

    /// <summary>Outlasts services that are away.</summary>
    public Outages Outages => outages;

    /// <summary>Settings.</summary>
    public SelfPlayOptions Options => playOptions;

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>A deadline.</summary>
    public DateTime In(TimeSpan time) => clock.GetUtcNow().UtcDateTime + time;

    /// <summary>
    /// Has Policy forget an adapter that nothing in the run asks for any more: it serves a limited number. Whoever else
    /// uses it has it loaded again, and a Policy that does not answer has forgotten it anyway.
    /// </summary>
    /// <param name="folder">Its folder, absolute; empty for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ForgetAsync(string folder, CancellationToken cancellationToken)
    {
        if (folder.Length == 0)
        {
            return;
        }

        try
        {
            foreach (var one in (await adapters.ListAsync(cancellationToken)).Where(one => one.Folder == folder))
            {
                await policyClient.UnloadAdapterAsync(
                    new V1.UnloadAdapterRequest { Name = one.Name }, deadline: In(s_unloadDeadline), cancellationToken: cancellationToken);
            }
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Searches whose folders lie in a run's own, not among those that people asked for.</summary>
    /// <param name="folder">Where, absolute.</param>
    public ISearches SearchesIn(string folder)
    {
        var own = options with { RunsFolder = folder };
        return ActivatorUtilities.CreateInstance<Searches>(provider, ActivatorUtilities.CreateInstance<SearchRunner>(provider, own), own);
    }
}
