using Google.Protobuf.Collections;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Prm;

/// <summary>Checks a request for training data and fills in what it leaves open.</summary>
internal static class TrainingRequestReader
{
    private const int MostPairs = 64;

    /// <summary>
    /// The request with every field set. Paths end before their first step that was never visited: it has no value.
    /// </summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static V1.BuildPrmDataRequest Read(V1.BuildPrmDataRequest given)
    {
        ThrowUnless(
            given.Kind is V1.PrmDataKind.Hard or V1.PrmDataKind.Soft or V1.PrmDataKind.Pairs, "kind", (int)given.Kind,
            "1 (hard), 2 (soft) or 3 (pairs)");
        ThrowUnless(given.Threshold is >= 0 and <= 1, "threshold", given.Threshold, "a number in (0, 1], or 0 for 0.5");
        ThrowUnless(given.Margin is >= 0 and <= 1, "margin", given.Margin, "a number in (0, 1], or 0 for 0.1");
        ThrowUnless(
            given.PairsPerNode is >= 0 and <= MostPairs, "pairs_per_node", given.PairsPerNode, $"a whole number from 1 to {MostPairs}, or 0 for 4");
        CheckPaths(given.Paths);

        var request = given.Clone();
        request.Threshold = given.Threshold == 0 ? 0.5 : given.Threshold;
        request.Margin = given.Margin == 0 ? 0.1 : given.Margin;
        request.PairsPerNode = given.PairsPerNode == 0 ? 4 : given.PairsPerNode;
        foreach (var path in request.Paths)
        {
            while (path.Steps.Any(step => step.Visits == 0))
            {
                path.Steps.RemoveAt(path.Steps.Count - 1);
            }
        }

        return request;
    }

    private static void CheckPaths(RepeatedField<V1.ValuedPath> paths)
    {
        var nodes = new Dictionary<(string Search, int Node), (V1.ValuedStep Step, int Parent)>();
        for (var i = 0; i < paths.Count; i++)
        {
            var path = paths[i];
            PrmRequests.CheckProblem(path.Problem, $"paths[{i}].problem");
            ThrowUnless(
                path.Steps.Count is >= 1 and <= PrmRequests.MostSteps, $"paths[{i}].steps", $"{path.Steps.Count} steps", $"1 to {PrmRequests.MostSteps} steps");
            var parent = 0;
            for (var j = 0; j < path.Steps.Count; j++)
            {
                var (step, field) = (path.Steps[j], $"paths[{i}].steps[{j}]");
                PrmRequests.CheckStep(step.Step, $"{field}.step");
                ThrowUnless(step.Value is >= 0 and <= 1, $"{field}.value", step.Value, "a number in [0, 1]");
                ThrowUnless(step.Visits >= 0, $"{field}.visits", step.Visits, "a whole number of at least 0");
                ThrowUnless(step.Node > parent, $"{field}.node", step.Node, $"a number above {parent}, as a child's is above its parent's");

                // Values of one node that differ are of different searches or of one at different times.
                if (!nodes.TryAdd((path.SearchId, step.Node), (step, parent)))
                {
                    ThrowUnless(
                        nodes[(path.SearchId, step.Node)].Equals((step, parent)),
                        $"{field}.node", step.Node, $"a node that is the same in all paths of search '{path.SearchId}'");
                }

                parent = step.Node;
            }
        }
    }
}
