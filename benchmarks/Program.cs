using System.CommandLine;
using O1Coder.Benchmarks;

return new RootCommand("One runnable comparison a claim.")
{
    EngineBenchmark.Command(), TrainBenchmark.Command(), ProductsBenchmark.Command(), LookupBenchmark.Command(), PrefixBenchmark.Command(),
    SandboxBenchmark.Command(),
}.Parse(args).Invoke();
