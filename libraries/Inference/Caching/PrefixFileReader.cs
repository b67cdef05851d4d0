using System.Buffers.Binary;
using System.Text;

namespace O1Coder.Inference.Caching;

/// <summary>Reads the parts of a saved prefix one after another. Whoever made the hash may have made the lengths wrong.</summary>
/// <param name="bytes">What is left to read.</param>
/// <param name="name">The file's name, for errors.</param>
internal ref struct PrefixFileReader(ReadOnlySpan<byte> bytes, string name)
{
    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>A number.</summary>
    /// <exception cref="InvalidDataException">The file ends before it.</exception>
    public int Number() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>A string.</summary>
    /// <param name="longest">Bytes at most.</param>
    /// <exception cref="InvalidDataException">It is longer, or the file ends before it does.</exception>
    public string Text(int longest)
    {
        var length = Number();
        return length >= 0 && length <= longest
            ? Encoding.UTF8.GetString(Take(length))
            : throw new InvalidDataException($"{name} has a string of {length} bytes: expected 0 to {longest}");
    }

    /// <summary>How many numbers, and they.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public int[] Numbers()
    {
        var count = Number();
        if (count < 0 || count > _left.Length / sizeof(int))
        {
            throw new InvalidDataException($"{name} says that it has {count} tokens: expected 0 to {_left.Length / sizeof(int)}");
        }

        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = Number();
        }

        return numbers;
    }

    /// <summary>What is left.</summary>
    public readonly byte[] Rest() => _left.ToArray();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
        {
            throw new InvalidDataException($"{name} ends {count - _left.Length} bytes early");
        }

        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}
