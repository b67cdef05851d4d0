namespace O1Coder.Problems.DataSets;

/// <summary>A row of a data set before its fields are read: an object, or what is wrong with it.</summary>
/// <param name="Row">The object; null with a fault.</param>
/// <param name="Fault">What is wrong; null with an object.</param>
internal sealed record RawRow(JsonRow? Row, DataFault? Fault);
