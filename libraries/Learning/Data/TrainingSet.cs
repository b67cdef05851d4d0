using System.Buffers.Binary;
using System.Security.Cryptography;

namespace O1Coder.Learning.Data;

/// <summary>What a run trains on, as tokens.</summary>
/// <param name="Units">The examples in the order of the data set, at least one.</param>
/// <param name="Skipped">How many were left out as too long.</param>
public sealed record TrainingSet(IReadOnlyList<TrainingUnit> Units, int Skipped)
{
    /// <summary>SHA-256 over all tokens, places and labels, lower-case hexadecimal.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        void Add(Span<byte> buffer, long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(buffer, value);
            hash.AppendData(buffer);
        }

        foreach (var unit in Units)
        {
            Add(bytes, unit.Rows.Count);
            foreach (var row in unit.Rows)
            {
                Add(bytes, row.Ids.Length);
                foreach (var id in row.Ids)
                {
                    Add(bytes, id);
                }

                Add(bytes, row.Places.Length);
                foreach (var place in row.Places)
                {
                    Add(bytes, place);
                }
            }

            Add(bytes, unit.Labels.Count);
            foreach (var label in unit.Labels)
            {
                Add(bytes, BitConverter.DoubleToInt64Bits(label));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
