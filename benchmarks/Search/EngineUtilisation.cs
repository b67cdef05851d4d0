using System.Diagnostics;
using System.Globalization;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>How much of a search's time the engine spends in steps, and how full its batch is, with one leaf in flight and with several.</summary>
internal static class EngineUtilisation
{
    private const int Rollouts = 16;
    private const int Problems = 2;

    public static async Task Run(SearchServers servers, string folder, int inFlight, CancellationToken cancellationToken)
    {
        var problems = BenchmarkProblems.Read(folder).TakeLast(Problems).ToList();
        Print($"the engine during searches to the budget's end, {Rollouts} rollouts of {problems.Count} problems, o1-coder; shares of the wall-clock time");
        Print($"{"in flight",10}{"in steps",10}{"mean batch",12}{"tokens/s",10}{"seconds",9}");

        // One to load what is loaded late.
        await Search(servers, problems[0], 1, seed: 99, rollouts: 4, cancellationToken);
        foreach (var leaves in new[] { 1, inFlight }.Distinct())
        {
            var (before, began) = (await servers.Policy.GetLoadAsync(new GetLoadRequest(), cancellationToken: cancellationToken), Stopwatch.GetTimestamp());
            var tokens = 0L;
            foreach (var problem in problems)
            {
                tokens += await Search(servers, problem, leaves, (ulong)leaves, Rollouts, cancellationToken);
            }

            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var after = await servers.Policy.GetLoadAsync(new GetLoadRequest(), cancellationToken: cancellationToken);
            var steps = Math.Max(1, after.Steps - before.Steps);
            Print($"{leaves,10}{(after.BusySeconds - before.BusySeconds) / seconds,10:P1}{(double)(after.SequenceSteps - before.SequenceSteps) / steps,12:F1}{tokens / seconds,10:F0}{seconds,9:F1}");
        }
    }

    private static async Task<long> Search(
        SearchServers servers, Problem problem, int leaves, ulong seed, int rollouts, CancellationToken cancellationToken)
    {
        var events = await servers.Solve(
            new SolveRequest
            {
                Problem = problem,
                Budget = new Budget { Rollouts = rollouts },
                Options = new SearchOptions { Method = "o1-coder", Seed = seed, InFlight = leaves, Exhaust = true, FastAnswer = false },
            },
            cancellationToken);
        return events[^1].Finished.Totals.GeneratedTokens;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
