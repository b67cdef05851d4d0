namespace O1Coder.Learning.Data;

/// <summary>The rows of one example, which belong to one batch: of a pair the better one first.</summary>
/// <param name="Name">Where it comes from, for people.</param>
/// <param name="Rows">One row, or two of a pair.</param>
/// <param name="Labels">Of a point-wise process reward one a place, in [0, 1]; else empty.</param>
public sealed record TrainingUnit(string Name, IReadOnlyList<TrainingRow> Rows, IReadOnlyList<double> Labels)
{
    /// <summary>Tokens of all rows.</summary>
    public int Tokens => Rows.Sum(row => row.Ids.Length);

    /// <summary>Tokens of the longest row.</summary>
    public int LongestRow => Rows.Max(row => row.Ids.Length);
}
