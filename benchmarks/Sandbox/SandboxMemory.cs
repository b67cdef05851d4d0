namespace O1Coder.Benchmarks;

/// <summary>Resident memory of the sandbox's processes while it runs many programs.</summary>
internal static class SandboxMemory
{
    private const int Points = 10;

    /// <summary>Runs so many trivial programs and prints the memory at ten points.</summary>
    public static async Task Run(SandboxServer server, int runs, CancellationToken cancellationToken)
    {
        Console.WriteLine($"\nresident memory, MiB, over {runs} runs\n     runs  service  launcher  supervisors (each, largest)  zygotes (each, largest)");
        var ours = SandboxContender.All(server)[0];
        for (var point = 0; point <= Points; point++)
        {
            var launcher = Children(server.ProcessId).Single();
            var supervisors = Children(launcher);
            var zygotes = supervisors.SelectMany(Children).Where(process => Read(process, "comm").StartsWith("o1-zygote", StringComparison.Ordinal));
            Console.WriteLine($"{runs / Points * point,9} {Resident([server.ProcessId]),8:0.0} {Resident([launcher]),9:0.0} {Resident(supervisors),28:0.0} {Resident(zygotes),24:0.0}");
            if (point < Points)
            {
                await Task.WhenAll(Enumerable.Range(0, server.Concurrency).Select(lane => Task.Run(async () =>
                {
                    for (var run = lane; run < runs / Points; run += server.Concurrency)
                    {
                        await ours.Run(cancellationToken);
                    }
                }, cancellationToken)));
            }
        }
    }

    private static IReadOnlyList<int> Children(int process) =>
        [.. Directory.EnumerateDirectories($"/proc/{process}/task").SelectMany(task => Read(process, $"task/{Path.GetFileName(task)}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse)];

    private static double Resident(IEnumerable<int> processes) => processes
        .Select(process => Read(process, "statm").Split(' ')).Where(fields => fields.Length > 1)
        .Select(fields => double.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize / (1 << 20)).DefaultIfEmpty().Max();

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return ""; // it ended in between
        }
    }
}
