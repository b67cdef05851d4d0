using System.Diagnostics;
using System.Globalization;
using O1Coder.Search;

namespace O1Coder.Benchmarks;

/// <summary>What the search itself costs a node, with a model that answers at once, at growing sizes of the tree.</summary>
internal static class SearchOverhead
{
    private const int Descents = 20_000;

    // Deep and as wide as an expansion: a search that goes on for days.
    private static readonly ActionPlan s_steps = new(
        [StepAction.DefineStructure], [StepAction.DefineStructure], [StepAction.Refine, StepAction.Refine, StepAction.Code],
        [StepAction.Refine, StepAction.Refine, StepAction.Code], CodeAtDepthLimit: true);

    private static readonly string[] s_methods = ["o1-coder", "puct", "gumbel"];

    public static async Task Run(IReadOnlyList<int> sizes, CancellationToken cancellationToken)
    {
        Print($"the search itself, a model that answers at once; children {Options("puct").SamplesPerExpansion} an expansion, depth at most {Options("puct").MaxDepth}");
        Print($"{"method",-10}{"nodes",10}{"µs a node",12}{"µs a rollout",14}{"bytes a node",14}{"MiB",8}{"depth",7}");

        // So that the code is compiled as it will be.
        foreach (var method in s_methods)
        {
            await Grow(method, 3000, cancellationToken);
        }

        foreach (var method in s_methods)
        {
            foreach (var size in sizes)
            {
                var grown = await Grow(method, size, cancellationToken);
                Print($"{method,-10}{size,10}{grown.Micros / size,12:F2}{grown.Micros / grown.Tree.Rollouts,14:F2}{(double)grown.Bytes / size,14:F0}{grown.Bytes / 1048576.0,8:F0}{grown.Tree.Depth,7}");
                GC.KeepAlive(grown.Tree);
            }
        }

        Print($"\nselection alone, PUCT on the same trees: {Descents} descents, ours on nodes against arrays in mctx's layout, in turn; nanoseconds a child that is scored");
        Print($"{"nodes",10}{"ours",10}{"arrays",10}{"ours ÷ arrays",16}{"spread",16}{"µs a descent",14}");
        foreach (var size in sizes)
        {
            var tree = (await Grow("puct", size, cancellationToken)).Tree;
            Compare(tree, size);
        }
    }

    private static SearchOptions Options(string method) => SearchMethods.For(method).Description.Defaults with
    {
        Method = method,
        Plan = s_steps,
        SamplesPerExpansion = 6,
        MaxDepth = 32,
        Exhaust = true,
        FastAnswer = false,
    };

    private static async Task<(SearchTree Tree, double Micros, long Bytes)> Grow(string method, int nodes, CancellationToken cancellationToken)
    {
        var model = new InstantModel();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var request = new SearchRequest(Options(method), new SearchBudget { Rollouts = SearchBudget.MostRollouts }, model, model);
        var began = Stopwatch.GetTimestamp();
        var tree = await Growing.GrowAsync(request, nodes, cancellationToken);
        var micros = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(model);
        return (tree, micros, bytes);
    }

    private static void Compare(SearchTree tree, int size)
    {
        var selection = new PuctSelection(Options("puct"), 19652, 1.25, (_, _) => 0, rescale: false, noise: null);
        var flat = new FlatTree(tree);
        var (ours, arrays, micros) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < 5; round++)
        {
            var (looked, began) = (0L, Stopwatch.GetTimestamp());
            for (var i = 0; i < Descents; i++)
            {
                looked += Descend(tree, selection, i);
            }

            var nanos = Stopwatch.GetElapsedTime(began).TotalNanoseconds;
            ours.Add(nanos / looked);
            micros.Add(nanos / 1000 / Descents);
            (looked, began) = (0, Stopwatch.GetTimestamp());
            for (var i = 0; i < Descents; i++)
            {
                looked += flat.Descend();
            }

            arrays.Add(Stopwatch.GetElapsedTime(began).TotalNanoseconds / looked);
            foreach (var node in tree.Nodes)
            {
                node.Unobserved = 0;
            }
        }

        var ratios = ours.Zip(arrays, (one, other) => one / other).Order().ToList();
        Print($"{size,10}{Median(ours),10:F1}{Median(arrays),10:F1}{ratios[ratios.Count / 2],16:F2}{$"{ratios[0]:F2}–{ratios[^1]:F2}",16}{Median(micros),14:F2}");
    }

    // As a search does it with rollouts under way: each leaves an unobserved visit behind.
    private static int Descend(SearchTree tree, PuctSelection selection, int rollout)
    {
        var (node, looked) = (tree.Root, 0);
        while (true)
        {
            node.Unobserved++;
            looked += node.Open.Count;
            if (node.Terminal || selection.Choose(node, rollout) is not { } child || child.Terminal)
            {
                return looked;
            }

            node = child;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
