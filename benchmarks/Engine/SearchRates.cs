using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>Part (d): the search load, Policy over gRPC against llama-server, in turn.</summary>
internal sealed class SearchRates(string modelFolder, EngineOptions options, LlamaBuild build, LanguageModel model, EngineResults results)
{
    private const double ToReach = 3;

    /// <summary>Runs the load.</summary>
    /// <param name="shape">How much.</param>
    /// <param name="servers">How llama-server is run; with several each has a line.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task Run(SearchShape shape, IReadOnlyList<LlamaServerShape> servers, int rounds, CancellationToken cancellationToken)
    {
        EngineResults.Print($"(d) search: {shape.Problems} problems, each {shape.Levels} levels of {shape.Children} children of {shape.Tokens} tokens, prompts of {shape.Prompt} ({shape.Shared} shared); {shape.Generated} tokens; temperature {SearchNode.Temperature}{(shape.TopK > 0 ? $", top-k {shape.TopK}" : "")}, log-probabilities");
        using var ours = await PolicyServer.Start(modelFolder, options, cancellationToken);
        var problems = Path.Combine(Repository.Root, "problems", "practice");
        var (load, warming) = (new SearchLoad(shape, model, problems), new SearchLoad(shape with { Levels = 1, Tokens = 8 }, model, problems));

        // Rounds are told apart, so that none finds another's in a cache; round 0 is for what a process does for the first time.
        var round = 0;
        foreach (var server in servers)
        {
            using var theirs = await build.Serve(server, cancellationToken);
            results.Peer = theirs.Build;
            var duel = new Duel($"(d) search, {server.Name}", "tokens/s", ToReach);

            await Warm(ours);
            await Warm(theirs);
            for (var turn = 0; turn < rounds; turn++)
            {
                round++;
                if (turn % 2 == 0)
                {
                    await One(ours, duel.Ours);
                    await One(theirs, duel.Theirs);
                }
                else
                {
                    await One(theirs, duel.Theirs);
                    await One(ours, duel.Ours);
                }
            }

            Console.WriteLine(Duel.Header);
            results.Add(duel);

            Task Warm(ISearchServer answering) => warming.Run(answering, 0, cancellationToken);

            async Task One(ISearchServer answering, List<double> rates)
            {
                var outcome = await load.Run(answering, round, cancellationToken);
                rates.Add(outcome.TokensPerSecond);
                results.Add(answering.Name, outcome);
                EngineResults.Print($"  {answering.Name}: {outcome.Seconds:f1} s, {outcome.TokensPerSecond:f0} tokens/s; prompt tokens requested {outcome.Requested}, computed {outcome.Computed}, optimum {outcome.Optimum}; a request {outcome.RequestMedian:f2} s (p95 {outcome.RequestP95:f2} s); processor {outcome.ServerProcessorSeconds:f1} s server, {outcome.ClientProcessorSeconds:f1} s client");
            }
        }
    }
}
