using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Training;

/// <summary>What was read of a training data set.</summary>
/// <typeparam name="T">The kind of its examples.</typeparam>
/// <param name="Examples">The good lines, in the order of the file.</param>
/// <param name="Skipped">The malformed lines; empty unless they were to be skipped.</param>
public sealed record TrainingData<T>(IReadOnlyList<T> Examples, IReadOnlyList<DataFault> Skipped)
    where T : TrainingExample;
