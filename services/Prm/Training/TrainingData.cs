namespace O1Coder.Prm;

/// <summary>
/// Examples for this service's own model out of what searches found: labels for each step of a path (o1-Coder, equation
/// 3: hard or soft), or pairs of siblings (equation 4). Nodes are told apart by search and number.
/// </summary>
internal static class TrainingData
{
    /// <summary>Siblings that are paired with each other at most: the best and the worst half of so many.</summary>
    internal const int MostSiblings = 512;

    /// <summary>The examples, in an order that depends on the request alone.</summary>
    /// <param name="request">The request with every field set, its paths without steps that were never visited.</param>
    public static IEnumerable<V1.TrainingExample> Build(V1.BuildPrmDataRequest request) => request.Kind == V1.PrmDataKind.Pairs
        ? Pairs(request)
        : Distinct(request.Paths).Select(path => Labelled(path, value => request.Kind == V1.PrmDataKind.Soft ? value : value >= request.Threshold ? 1 : 0));

    // A path brings something only with a node that no longer path has.
    private static IEnumerable<V1.ValuedPath> Distinct(IReadOnlyList<V1.ValuedPath> paths)
    {
        var nodes = new HashSet<(string, int)>();
        var chosen = new HashSet<V1.ValuedPath>(ReferenceEqualityComparer.Instance);
        foreach (var path in paths.OrderByDescending(path => path.Steps.Count))
        {
            var added = path.Steps.Count(step => nodes.Add((path.SearchId, step.Node)));
            if (added > 0)
            {
                chosen.Add(path);
            }
        }

        return paths.Where(chosen.Contains);
    }

    private static V1.TrainingExample Labelled(V1.ValuedPath path, Func<double, double> label) => new()
    {
        Id = $"{path.SearchId}/prm/{path.Steps[^1].Node}",
        Stepwise = new V1.StepwiseLabels
        {
            Prompt = PrmTexts.Problem(path.Problem),
            Completions = { path.Steps.Select((step, i) => PrmTexts.Step(step.Step, i + 1)) },
            Labels = { path.Steps.Select(step => label(step.Value)) },
        },
    };

    private static IEnumerable<V1.TrainingExample> Pairs(V1.BuildPrmDataRequest request)
    {
        var children = request.Paths
            .SelectMany(path => path.Steps.Select((step, i) => (
                Path: path, Prefix: path.Steps.Take(i), Step: step, Parent: i == 0 ? 0 : path.Steps[i - 1].Node)))
            .DistinctBy(one => (one.Path.SearchId, one.Step.Node));
        foreach (var siblings in children.GroupBy(one => (one.Path.SearchId, one.Parent)))
        {
            // Pairs are the square of siblings, and only those far apart are wanted.
            var sorted = siblings.OrderByDescending(one => one.Step.Value).ThenBy(one => one.Step.Node).ToList();
            var apart = sorted.Count <= MostSiblings ? sorted : [.. sorted[..(MostSiblings / 2)], .. sorted[^(MostSiblings / 2)..]];
            var pairs =
                from better in apart
                from worse in apart
                let gain = better.Step.Value - worse.Step.Value
                where gain >= request.Margin - 1e-9 && better.Step.Step.Text != worse.Step.Step.Text
                orderby gain descending, better.Step.Node, worse.Step.Node
                select (better, worse);
            foreach (var (better, worse) in pairs.Take(request.PairsPerNode))
            {
                var prefix = better.Prefix.Select((step, i) => PrmTexts.Step(step.Step, i + 1)).ToList();
                yield return new V1.TrainingExample
                {
                    Id = $"{siblings.Key.SearchId}/prm/{better.Step.Node}-{worse.Step.Node}",
                    StepwisePreference = new V1.StepwisePreference
                    {
                        Prompt = PrmTexts.Problem(better.Path.Problem),
                        Prefix = { prefix },
                        Chosen = PrmTexts.Step(better.Step.Step, prefix.Count + 1),
                        Rejected = PrmTexts.Step(worse.Step.Step, prefix.Count + 1),
                    },
                };
            }
        }
    }
}
