using System.Diagnostics;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>An honest program alone and beside a busy loop, a fork bomb and an output flood at once.</summary>
internal static class SandboxNeighbours
{
    private const int Rounds = 5;
    private const string Honest = "total = 0\nfor i in range(4_000_000):\n    total += i\nprint(total)";
    private const string HonestAnswer = "7999998000000";
    private static readonly string[] s_hostile =
    [
        "while True: pass",
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        "while True: print('x' * 1000)",
    ];

    /// <summary>Prints what the honest program took, and what a fair share would have made of it.</summary>
    public static async Task Run(SandboxServer server, CancellationToken cancellationToken)
    {
        var alone = await Times(server, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var neighbours = s_hostile.Select(program => Task.Run(() => Repeat(server, program, stop.Token), cancellationToken)).ToArray();
        // Not for order: the neighbours are to be in full swing when the time is taken.
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var beside = await Times(server, cancellationToken);
        await stop.CancelAsync();
        await Task.WhenAll(neighbours);
        var fair = Math.Max(1, (s_hostile.Length + 1.0) / Environment.ProcessorCount);
        Console.WriteLine($"\nhonest neighbour of a busy loop, a fork bomb and an output flood ({Rounds} runs)");
        Console.WriteLine($"alone {alone.Median:0} ms ({alone.Least:0} to {alone.Most:0}), beside them {beside.Median:0} ms ({beside.Least:0} to {beside.Most:0}): "
            + $"{beside.Median / alone.Median:0.0} times as long; its fair share of the cores makes it {fair:0.0} times");
    }

    private static async Task<Spread> Times(SandboxServer server, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            var response = await server.Execute(Honest, "", HonestAnswer, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (response.Verdict != Verdict.Accepted)
            {
                throw new InvalidOperationException($"the honest program got {response.Verdict}: {response.FirstFailure}");
            }
        }

        return Spread.Of(times);
    }

    private static async Task Repeat(SandboxServer server, string program, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await server.Execute(program, "", "", cancellationToken);
            }
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            // Its turn is over.
            Debug.WriteLine(exception.Message);
        }
    }
}
