// Timing limits are part of what is tested, and a box each on two cores is what the service allows by itself.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
