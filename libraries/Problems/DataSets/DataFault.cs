namespace O1Coder.Problems.DataSets;

/// <summary>What is wrong with one line of a data set.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Line">The line, or the row of a parquet file, from 1; 0 when the fault is the file's.</param>
/// <param name="Field">The field at fault, for example "test_list"; empty for the line itself.</param>
/// <param name="Detail">What was found and what was expected.</param>
/// <param name="IsRow">Whether <paramref name="Line"/> counts rows.</param>
public sealed record DataFault(string File, long Line, string Field, string Detail, bool IsRow = false)
{
    /// <summary>One line for people: file, line, what was found and what was expected.</summary>
    public string Message => Line <= 0 ? $"{File}: {Detail}" : IsRow ? $"{File}, row {Line}: {Detail}" : $"{File}:{Line}: {Detail}";

    /// <summary>Gives <see cref="Message"/>.</summary>
    public override string ToString() => Message;
}
