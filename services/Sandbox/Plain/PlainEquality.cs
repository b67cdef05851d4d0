using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace O1Coder.Sandbox.Plain;

/// <summary>
/// What equals what; docs/sandbox.md says it for people. Python's ==: numbers by value whatever their type (True is 1, 2
/// is 2.0, -0.0 is 0.0), NaN equal to nothing, a tuple never a list, sets and dictionaries in any order. Sets and keys are
/// matched by hashes that no program can collide (SHA-256), so the time is in proportion to the values' size.
/// </summary>
/// <param name="tolerance">How far two numbers may be apart, absolutely or relative to the expected one; 0 for not at all.</param>
/// <param name="jsonKeys">The expected value came from JSON, whose keys are texts: one matches the key that JSON writes so.</param>
internal sealed class PlainEquality(double tolerance, bool jsonKeys)
{
    private int _unequal;

    /// <summary>Whether the actual value is the expected one.</summary>
    public bool Equal(PlainValue expected, PlainValue actual)
    {
        switch (expected.Kind)
        {
            case PlainKind.Null:
                return actual.Kind == PlainKind.Null;
            case PlainKind.Bool or PlainKind.Integer or PlainKind.Float or PlainKind.Fraction:
                return IsNumber(actual) && NumbersEqual(expected, actual);
            case PlainKind.Text:
                return actual.Kind == PlainKind.Text && actual.Text == expected.Text;
            case PlainKind.Bytes:
                return actual.Kind == PlainKind.Bytes && actual.Bytes.AsSpan().SequenceEqual(expected.Bytes);
            case PlainKind.List or PlainKind.Tuple:
                return actual.Kind == expected.Kind && actual.Items.Count == expected.Items.Count
                    && expected.Items.Zip(actual.Items).All(pair => Equal(pair.First, pair.Second));
            case PlainKind.Set:
                return actual.Kind == PlainKind.Set && Keys(expected.Items).SetEquals(Keys(actual.Items));
            case PlainKind.Map:
                return actual.Kind == PlainKind.Map && MapsEqual(expected, actual);
            default:
                return false;
        }
    }

    /// <summary>A text that equal values share and no others do.</summary>
    public static string KeyOf(PlainValue value) => new PlainEquality(0, jsonKeys: false).Key(value);

    /// <summary>Whether two lists hold the same elements in any order; no list, tuple or set is one without order.</summary>
    public bool EqualUnordered(PlainValue expected, PlainValue actual)
    {
        if (expected.Kind != actual.Kind || expected.Kind is not (PlainKind.List or PlainKind.Tuple) || expected.Items.Count != actual.Items.Count)
        {
            return Equal(expected, actual);
        }

        return Sorted(expected.Items).SequenceEqual(Sorted(actual.Items), StringComparer.Ordinal);

        List<string> Sorted(IEnumerable<PlainValue> items)
        {
            var keys = items.Select(Key).ToList();
            keys.Sort(StringComparer.Ordinal);
            return keys;
        }
    }

    private static bool IsNumber(PlainValue value) => value.Kind is PlainKind.Bool or PlainKind.Integer or PlainKind.Float or PlainKind.Fraction;

    private bool NumbersEqual(PlainValue expected, PlainValue actual)
    {
        if (expected.Kind == PlainKind.Float && double.IsNaN(expected.Float))
        {
            return tolerance > 0 && actual.Kind == PlainKind.Float && double.IsNaN(actual.Float);
        }

        var whole = expected.Kind is (PlainKind.Integer or PlainKind.Bool) && actual.Kind is (PlainKind.Integer or PlainKind.Bool);
        return (whole ? expected.Integer == actual.Integer : Key(expected) == Key(actual)) || (tolerance > 0 && Tolerance.Within(ToDouble(expected), ToDouble(actual), tolerance));
    }

    private static double ToDouble(PlainValue number) => number.Kind switch
    {
        PlainKind.Float => number.Float,
        PlainKind.Fraction => Ratio(number.Integer, number.Denominator),
        _ => (double)number.Integer,
    };

    // Both may be too large for a double while their quotient is not.
    private static double Ratio(BigInteger numerator, BigInteger denominator)
    {
        var shift = (int)Math.Max(0, Math.Max(numerator.GetBitLength(), denominator.GetBitLength()) - 1000);
        return (double)(numerator >> shift) / (double)BigInteger.Max(1, denominator >> shift);
    }

    private HashSet<string> Keys(IReadOnlyList<PlainValue> items) => [.. items.Select(Key)];

    private bool MapsEqual(PlainValue expected, PlainValue actual)
    {
        if (expected.Items.Count != actual.Items.Count)
        {
            return false;
        }

        var found = new Dictionary<string, PlainValue>(StringComparer.Ordinal);
        for (var i = 0; i < actual.Items.Count; i += 2)
        {
            found[Key(actual.Items[i])] = actual.Items[i + 1];
        }

        // A text key of the program's comes before a number that JSON writes alike.
        for (var i = 0; jsonKeys && i < actual.Items.Count; i += 2)
        {
            if (actual.Items[i].Kind != PlainKind.Text && PlainText.JsonKey(actual.Items[i]) is { } written)
            {
                found.TryAdd(Key(PlainValue.OfText(written)), actual.Items[i + 1]);
            }
        }

        for (var i = 0; i < expected.Items.Count; i += 2)
        {
            if (!found.TryGetValue(Key(expected.Items[i]), out var value) || !Equal(expected.Items[i + 1], value))
            {
                return false;
            }
        }

        return true;
    }

    // Equal for equal values and for no others; of a nested value a hash, so that depth does not multiply the work.
    private string Key(PlainValue value) => value.Kind switch
    {
        PlainKind.Null => "n",
        PlainKind.Bool or PlainKind.Integer => IntegerKey(value.Integer),
        PlainKind.Float => FloatKey(value.Float),
        PlainKind.Fraction => FractionKey(value),
        PlainKind.Text => "s" + value.Text,
        PlainKind.Bytes => "b" + Convert.ToHexString(value.Bytes),
        PlainKind.List => Digest("l", value.Items.Select(Key)),
        PlainKind.Tuple => Digest("t", value.Items.Select(Key)),
        PlainKind.Set => Digest("S", value.Items.Select(Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
        PlainKind.Map => Digest("d", value.Items.Chunk(2).Select(pair => Digest("p", pair.Select(Key))).Order(StringComparer.Ordinal)),
        _ => Never(),
    };

    private string Never() => string.Create(CultureInfo.InvariantCulture, $"o{_unequal++}");

    private static string IntegerKey(BigInteger value) => "i" + value.ToString("x", CultureInfo.InvariantCulture);

    private string FloatKey(double value) => double.IsNaN(value) ? Never()
        : double.IsInteger(value) ? IntegerKey(new BigInteger(value))
        : string.Create(CultureInfo.InvariantCulture, $"f{BitConverter.DoubleToInt64Bits(value):x}");

    // A fraction that is a float is equal to it: its denominator is a power of two and both sides fit.
    private string FractionKey(PlainValue value)
    {
        var isFloat = value.Denominator.IsPowerOfTwo && value.Denominator.GetBitLength() <= 1000 && BigInteger.Abs(value.Integer).GetBitLength() <= 53;
        return isFloat ? FloatKey((double)value.Integer / (double)value.Denominator)
            : $"q{value.Integer.ToString("x", CultureInfo.InvariantCulture)}/{value.Denominator.ToString("x", CultureInfo.InvariantCulture)}";
    }

    private static string Digest(string tag, IEnumerable<string> keys)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var key in keys)
        {
            var bytes = Encoding.Unicode.GetBytes(key);
            BitConverter.TryWriteBytes(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return tag + Convert.ToHexString(hash.GetHashAndReset());
    }
}
