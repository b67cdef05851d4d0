using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace O1Coder.Search;

/// <summary>The hash of a tree: see <see cref="SearchTree.ComputeHash"/>.</summary>
internal static class TreeHash
{
    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static string Of(SearchTree tree)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[48];
        foreach (var node in tree.Nodes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(numbers, node.Number);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], node.Parent?.Number ?? -1);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], (int)node.Action);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], node.Depth);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[16..], node.Terminal ? 1 : 0);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[20..], node.Tokens);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[24..], node.Visits);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[28..], BitConverter.DoubleToInt64Bits(node.ValueSum));
            BinaryPrimitives.WriteInt64LittleEndian(numbers[36..], BitConverter.DoubleToInt64Bits(node.BestValue));
            BinaryPrimitives.WriteInt32LittleEndian(numbers[44..], Present(node));
            hash.AppendData(numbers);
            AppendText(hash, node.LoggedText);
            AppendNumber(hash, node.ProcessReward);
            AppendNumber(hash, node.Prior);
            AppendNumber(hash, node.LogProbability);
            AppendNumber(hash, node.AssignedValue);
            if (node.LoggedFeedback is { } feedback)
            {
                AppendText(hash, feedback);
            }

            if (node.Judgement is { } judgement)
            {
                AppendText(hash, node.Program ?? "");
                AppendText(hash, judgement.Verdict);
                BinaryPrimitives.WriteInt64LittleEndian(numbers, BitConverter.DoubleToInt64Bits(node.OwnValue ?? -1));
                BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], judgement.Passed);
                BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], judgement.Total);
                hash.AppendData(numbers[..16]);
            }
        }

        foreach (var compared in tree.Comparisons)
        {
            BinaryPrimitives.WriteInt32LittleEndian(numbers, compared.First);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], compared.Second);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], BitConverter.DoubleToInt64Bits(compared.Preference));
            hash.AppendData(numbers[..16]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Which of the things that need not be there are: part of the hash, so that none can pass for another.
    private static int Present(SearchNode node) =>
        (node.Judgement is null ? 0 : 1) + (node.ProcessReward is null ? 0 : 2) + (node.Prior is null ? 0 : 4)
        + (node.LogProbability is null ? 0 : 8) + (node.AssignedValue is null ? 0 : 16) + (node.LoggedFeedback is null ? 0 : 32)
        + (node.Revisions << 8);

    private static void AppendNumber(IncrementalHash hash, double? number)
    {
        if (number is { } value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, BitConverter.DoubleToInt64Bits(value));
            hash.AppendData(bytes);
        }
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
