using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using O1Coder.Search;

namespace O1Coder.Benchmarks;

/// <summary>What each method solves: the same problems, seeds and tokens; solved means hidden tests too.</summary>
internal static class MethodComparison
{
    private const int Rollouts = 10_000;
    private static readonly int[] s_after = [1, 2, 4, 8, 16, 32];

    public static async Task Run(
        SearchServers servers, string folder, IReadOnlyList<string> names, long tokens, int seeds, int inFlight, CancellationToken cancellationToken)
    {
        var problems = BenchmarkProblems.Read(folder);
        var methods = names.Count > 0 ? names : [.. SearchMethods.Names];
        Print($"\n{problems.Count} problems × {seeds} seeds, {tokens} tokens a problem and method, {inFlight} in flight; solved within so many programs run, and in all");
        Print($"{"method",-14}{string.Concat(s_after.Select(n => $"{n,6}"))}{"all",6}{"tokens",9}{"a solved",10}{"programs",10}{"seconds",9}");
        var points = new List<ParetoPoint>();
        foreach (var method in methods)
        {
            var (solvedAfter, spent, programs, began) = (new List<int>(), 0L, 0L, Stopwatch.GetTimestamp());
            var refused = "";
            foreach (var (problem, seed) in problems.SelectMany(problem => Enumerable.Range(0, seeds).Select(seed => (problem, seed))))
            {
                try
                {
                    var end = await Solve(servers, problem, method, (ulong)seed, tokens, inFlight, cancellationToken);
                    spent += end.Tokens;
                    programs += end.Programs;
                    if (end.Solved)
                    {
                        solvedAfter.Add(end.Programs);
                    }
                }
                catch (RpcException error) when (error.StatusCode is StatusCode.InvalidArgument or StatusCode.FailedPrecondition)
                {
                    refused = error.Status.Detail;
                    break;
                }
            }

            if (refused.Length > 0)
            {
                Print($"{method,-14}left out: {refused}");
                continue;
            }

            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var point = new ParetoPoint(method, solvedAfter.Count, problems.Count * seeds, spent, seconds);
            points.Add(point);
            Print($"{method,-14}{string.Concat(s_after.Select(n => $"{solvedAfter.Count(one => one <= n),6}"))}{point.Solved,6}{spent,9}{point.TokensASolved,10:F0}{programs,10}{seconds,9:F1}");
        }

        Print($"not beaten in solved, tokens and time at once: {string.Join(", ", ParetoPoint.Front(points).Select(point => point.Name))}");
    }

    private static async Task<(bool Solved, int Programs, long Tokens)> Solve(
        SearchServers servers, V1.Problem problem, string method, ulong seed, long tokens, int inFlight, CancellationToken cancellationToken)
    {
        var events = await servers.Solve(
            new V1.SolveRequest
            {
                Problem = problem,
                Budget = new V1.Budget { Rollouts = Rollouts, Tokens = tokens },
                Options = new V1.SearchOptions { Method = method, Seed = seed, InFlight = inFlight },
            },
            cancellationToken);

        // Tokens of the tree: an answer from the cache counts like a fresh one.
        return (
            events[^1].Finished.Outcome == V1.Outcome.Solved,
            events.Count(one => one.ProgramJudged is not null),
            events.Sum(one => (long)((one.NodeAdded?.Tokens ?? 0) + (one.NodeRevised?.Tokens ?? 0) + (one.NodeReflected?.Tokens ?? 0))));
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
