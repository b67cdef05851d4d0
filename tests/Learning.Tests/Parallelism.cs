// libtorch has one number of threads for the whole process, and bits depend on it.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
