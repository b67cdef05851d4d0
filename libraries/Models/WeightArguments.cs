namespace O1Coder.Models;

/// <summary>Checks what readers of weights are given.</summary>
internal static class WeightArguments
{
    /// <summary>The destination must hold the whole tensor and no more.</summary>
    public static void RequireLength(string name, long elements, int length)
    {
        if (length != elements)
        {
            throw new ArgumentException($"destination has {length} elements: expected {elements}, as '{name}' has");
        }
    }

    /// <summary>The destination must hold whole rows that are there.</summary>
    public static void RequireRows(string name, IReadOnlyList<long> shape, long firstRow, int length)
    {
        var columns = shape[^1];
        var rows = shape.Aggregate(1L, (product, dimension) => product * dimension) / columns;
        if (length % columns != 0 || firstRow < 0 || firstRow > rows - (length / columns))
        {
            throw new ArgumentException(
                $"destination has {length} elements from row {firstRow} on: expected whole rows of {columns} within the {rows} of '{name}'");
        }
    }

    /// <summary>The destination must hold the bytes of whole rows that are there.</summary>
    public static void RequireRowBytes(string name, IReadOnlyList<long> shape, long rowBytes, long firstRow, int length)
    {
        var rows = shape.Aggregate(1L, (product, dimension) => product * dimension) / shape[^1];
        if (length % rowBytes != 0 || firstRow < 0 || firstRow > rows - (length / rowBytes))
        {
            throw new ArgumentException(
                $"destination has {length} bytes from row {firstRow} on: expected whole rows of {rowBytes} bytes within the {rows} of '{name}'");
        }
    }
}
