using System.CommandLine;
using O1Coder.Benchmarks;

var parsed = new RootCommand("One runnable comparison a claim.")
{
    EngineBenchmark.Command(), TrainBenchmark.Command(), ProductsBenchmark.Command(), LookupBenchmark.Command(), PrefixBenchmark.Command(),
    SandboxBenchmark.Command(), SearchBenchmark.Command(), DashboardBenchmark.Command(),
}.Parse(args);
if (parsed.Errors is [var error, ..])
{
    const int BadInput = 2;
    await Console.Error.WriteLineAsync($"error: {error.Message.ReplaceLineEndings(" ")}");
    return BadInput;
}

return parsed.Invoke();
