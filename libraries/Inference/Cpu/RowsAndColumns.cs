namespace O1Coder.Inference.Cpu;

/// <summary>A part of a product's results.</summary>
/// <param name="Row">The first row.</param>
/// <param name="Rows">How many.</param>
/// <param name="Column">The first column.</param>
/// <param name="Columns">How many.</param>
internal readonly record struct RowsAndColumns(int Row, int Rows, int Column, int Columns);
