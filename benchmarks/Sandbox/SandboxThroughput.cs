using System.Diagnostics;

namespace O1Coder.Benchmarks;

/// <summary>Runs a second on all cores, each way in turn.</summary>
internal static class SandboxThroughput
{
    private const int Turns = 3;

    /// <summary>Runs every contender for so long, in three turns, and prints their rates.</summary>
    public static async Task Run(IReadOnlyList<SandboxContender> contenders, double seconds, CancellationToken cancellationToken)
    {
        var rates = contenders.Select(_ => new List<double>()).ToArray();
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var which = 0; which < contenders.Count; which++)
            {
                rates[which].Add(await Rate(contenders[which], seconds / Turns, cancellationToken));
            }
        }

        Console.WriteLine($"\nthroughput, runs/s, {2 * Environment.ProcessorCount} at once    median    least     most   ours ÷ median");
        var ours = Spread.Of(rates[0]).Median;
        for (var which = 0; which < contenders.Count; which++)
        {
            var spread = Spread.Of(rates[which]);
            Console.WriteLine($"{contenders[which].Name,-38} {spread.Median,8:0.0} {spread.Least,8:0.0} {spread.Most,8:0.0} {ours / spread.Median,15:0.0}");
        }
    }

    private static async Task<double> Rate(SandboxContender contender, double seconds, CancellationToken cancellationToken)
    {
        await contender.Run(cancellationToken);
        var (began, done) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
            {
                await contender.Run(cancellationToken);
                Interlocked.Increment(ref done);
            }
        }, cancellationToken)));
        return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
