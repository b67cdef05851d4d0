namespace O1Coder.Problems.Metrics;

/// <summary>What was drawn for one problem's last reasoning step.</summary>
/// <param name="HasCorrectPath">Whether at least one path of the problem ends in a program that passes every test.</param>
/// <param name="Passing">The samples of the last step whose program passes every test.</param>
/// <param name="Samples">All samples of the last step; at least 1 where there is a correct path.</param>
public readonly record struct LastStepSamples(bool HasCorrectPath, int Passing, int Samples);
