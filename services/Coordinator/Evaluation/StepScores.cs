using O1Coder.Search;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Lets the process reward model score the steps of a search's paths.</summary>
internal sealed class StepScores(V1.PrmService.PrmServiceClient client, CoordinatorOptions options, TimeProvider clock)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private readonly ResiliencePipeline _retrying = options.Retrying();

    /// <summary>
    /// The reward and the value of every step that a rollout went through, each once. Steps are scored on the path that
    /// led to them: the tree's finished paths in the order of their leaves.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="tree">The finished tree.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Grpc.Core.RpcException">Prm failed for good.</exception>
    public async Task<IReadOnlyList<StepScore>> OfAsync(EvaluatedProblem problem, SearchTree tree, CancellationToken cancellationToken)
    {
        var scored = new HashSet<int>();
        var scores = new List<StepScore>();
        foreach (var leaf in tree.Nodes.Where(node => node.Terminal && node.Visits > 0))
        {
            var path = WireSteps.NodesOf(leaf.PathFromRoot(), last: true);
            var request = new V1.ScoreStepsRequest { Problem = problem.ForSearch() };
            request.Steps.AddRange(path.Select(WireSteps.Of));
            var response = await DownstreamCall.RunAsync(
                "prm", _retrying,
                async token => await client.ScoreStepsAsync(request, deadline: clock.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: token),
                cancellationToken);
            scores.AddRange(path.Zip(response.Rewards)
                .Where(step => scored.Add(step.First.Number))
                .Select(step => new StepScore(step.Second, step.First.Value)));
        }

        return scores;
    }
}
