using System.Collections.Concurrent;
using System.Diagnostics;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// The load of a tree search without the search: several problems at once, of each a path of nodes, every node continued in
/// several ways, one of which, chosen by a rule and not by what was answered, becomes the next node as soon as it is there.
/// </summary>
internal sealed class SearchLoad
{
    private const string Instructions = """
        You solve programming problems by thinking in small steps. First read the statement and the examples with care and say in
        your own words what goes in and what must come out. Then name the cases that are easy to get wrong: nothing at all, one
        element, equal elements, negative numbers, the largest input. Choose a way to the answer and say why it is fast enough. Write
        each step as one numbered line, short and exact, so that the next step can build on it. Only when the way is clear, write the
        program in Python, without comments, and check it against the examples by hand before you end. Here is the problem.
        """;

    private const string NextStep = "\n\nNext step:\n";

    private readonly SearchShape _shape;
    private readonly ITokenizer _tokenizer;
    private readonly int[] _next;
    private readonly int[][] _statements;

    /// <summary>Prepares the load.</summary>
    /// <param name="shape">How much.</param>
    /// <param name="model">Whose tokens.</param>
    /// <param name="problems">A folder of problem files, whose texts are the statements.</param>
    public SearchLoad(SearchShape shape, LanguageModel model, string problems)
    {
        (_shape, _tokenizer) = (shape, model.Tokenizer);
        _next = _tokenizer.Encode(NextStep, parseSpecial: false);
        _statements = [.. Directory.GetFiles(problems, "*.md").Order(StringComparer.Ordinal).Select(file => _tokenizer.Encode(File.ReadAllText(file), parseSpecial: false))];
    }

    /// <summary>Runs it.</summary>
    /// <param name="server">Who answers.</param>
    /// <param name="round">From 0. Another round has other problems and none of another's beginning, so that no cache helps.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SearchOutcome> Run(ISearchServer server, int round, CancellationToken cancellationToken)
    {
        var known = new TokenTrie();
        var waits = new ConcurrentBag<double>();
        var (requested, computed, optimum) = (0, 0, 0);
        var (serverBefore, clientBefore) = (server.ProcessorTime, Environment.CpuUsage.TotalTime);
        var begun = Stopwatch.GetTimestamp();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, _shape.Problems).Select(Solve));
        return new SearchOutcome(
            Stopwatch.GetElapsedTime(begun).TotalSeconds,
            _shape.Generated,
            requested,
            computed,
            optimum,
            Percentile(waits, 0.5),
            Percentile(waits, 0.95),
            (server.ProcessorTime - serverBefore).TotalSeconds,
            (Environment.CpuUsage.TotalTime - clientBefore).TotalSeconds);

        async Task Solve(int problem)
        {
            var path = Prompt(problem, round);
            var open = new List<Task>();
            for (var level = 0; level < _shape.Levels; level++)
            {
                var parent = ((problem * 7) + (level * 3) + round) % _shape.Children;
                var answer = new TaskCompletionSource<int[]>(TaskCreationOptions.RunContinuationsAsynchronously);
                var node = new SearchNode(path, _shape.Children, _shape.Tokens, _shape.TopK, (round * 1000) + (problem * 10) + level);
                var expansion = Expand(node, parent, answer);
                open.Add(expansion);

                // Ended without the answer, it has failed.
                if (await Task.WhenAny(answer.Task, expansion) == expansion && !answer.Task.IsCompleted)
                {
                    await expansion;
                    throw new InvalidOperationException($"{server.Name} did not continue child {parent}");
                }

                path = [.. path, .. await answer.Task, .. _next];
            }

            await Task.WhenAll(open);
        }

        async Task Expand(SearchNode node, int parent, TaskCompletionSource<int[]> answer)
        {
            Interlocked.Add(ref requested, node.Path.Length);
            Interlocked.Add(ref optimum, known.Add(node.Path));
            var asked = Stopwatch.GetTimestamp();
            try
            {
                Interlocked.Add(ref computed, await server.Expand(node, Finished, failed.Token));
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }

            waits.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);

            void Finished(int child, int[] tokens)
            {
                // The last token was drawn but its keys and values were not computed.
                known.Add([.. node.Path, .. tokens[..^1]]);
                if (child == parent)
                {
                    answer.TrySetResult(tokens);
                }
            }
        }
    }

    // Its first token is the round's number, then come what all problems share and what is this one's own.
    private int[] Prompt(int problem, int round)
    {
        int[] shared = [.. _tokenizer.Encode($"{round}. {Instructions}", parseSpecial: false)];
        var first = (round * _shape.Problems) + problem;
        var own = Enumerable.Range(first, _statements.Length).SelectMany(i => _statements[i % _statements.Length]);
        return [.. shared.Take(_shape.Shared), .. own.Take(_shape.Prompt - _shape.Shared)];
    }

    private static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
