namespace O1Coder.Learning.Training;

/// <summary>Losses of a batch.</summary>
/// <param name="Sum">Their sum, in nats.</param>
/// <param name="Met">How many were decided as the data wants it; 0 where nothing is decided.</param>
internal readonly record struct BatchLoss(double Sum, int Met);
