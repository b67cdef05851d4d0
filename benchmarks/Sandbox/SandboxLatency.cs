using System.Diagnostics;

namespace O1Coder.Benchmarks;

/// <summary>From asking to having the answer, one at a time, each way in turn.</summary>
internal static class SandboxLatency
{
    private const int WarmUp = 10;

    /// <summary>Runs every contender so many times and prints what they took.</summary>
    public static async Task Run(IReadOnlyList<SandboxContender> contenders, int rounds, CancellationToken cancellationToken)
    {
        var times = contenders.Select(_ => new List<double>(rounds)).ToArray();
        for (var round = -WarmUp; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Count; turn++)
            {
                // Each is first, and each comes after each other one, equally often.
                var which = (turn + round + WarmUp) % contenders.Count;
                var began = Stopwatch.GetTimestamp();
                await contenders[which].Run(cancellationToken);
                if (round >= 0)
                {
                    times[which].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }
        }

        Console.WriteLine($"\nlatency, ms, {rounds} runs each in turn   median      p95    least     most   median ÷ ours");
        var ours = Quantile(times[0], 0.5);
        for (var which = 0; which < contenders.Count; which++)
        {
            var sample = times[which];
            Console.WriteLine($"{contenders[which].Name,-40} {Quantile(sample, 0.5),8:0.00} {Quantile(sample, 0.95),8:0.00} {sample.Min(),8:0.00} {sample.Max(),8:0.00} {Quantile(sample, 0.5) / ours,15:0.0}");
        }
    }

    private static double Quantile(List<double> sample, double part) => sample.Order().ElementAt((int)(part * (sample.Count - 1)));
}
