namespace O1Coder.Problems.DataSets;

/// <summary>What came of reading one row: a problem, or what is wrong.</summary>
/// <param name="Format">The row's format.</param>
/// <param name="Place">Where it stands; says nothing else.</param>
/// <param name="Read">The problem; null with a fault.</param>
/// <param name="Fault">What is wrong; null with a problem.</param>
/// <param name="Notes">What could not be carried over.</param>
/// <param name="Inner">The exception behind the fault, if any.</param>
internal sealed record ReadRow(
    DataSetFormat Format, DataFault Place, RowProblem? Read, DataFault? Fault, IReadOnlyList<DataFault> Notes, Exception? Inner);
