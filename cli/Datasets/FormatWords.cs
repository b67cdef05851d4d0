using O1Coder.Problems.DataSets;

namespace O1Coder.Cli.Datasets;

/// <summary>The words that stand for data-set formats.</summary>
internal static class FormatWords
{
    /// <summary>Told from the content, or from the name of what is written.</summary>
    public const string Auto = "auto";

    /// <summary>A parquet file of the fitting format.</summary>
    public const string Parquet = "parquet";

    /// <summary>The words of the formats themselves.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<DataSetFormat>().Select(Of)];

    /// <summary>The word of a format.</summary>
    public static string Of(DataSetFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>The format of a word; null for <see cref="Auto"/> and <see cref="Parquet"/>.</summary>
    public static DataSetFormat? Find(string? word) => Enum.GetValues<DataSetFormat>().Cast<DataSetFormat?>().FirstOrDefault(format => Of(format!.Value) == word);
}
