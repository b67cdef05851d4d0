using System.Numerics;

namespace O1Coder.Sandbox.Plain;

/// <summary>
/// A value as data: what a function was given, what it returned, what was expected. Nothing in it can be called, so that
/// comparing two asks nobody's opinion.
/// </summary>
internal sealed class PlainValue
{
    /// <summary>None.</summary>
    public static readonly PlainValue Null = new() { Kind = PlainKind.Null };

    /// <summary>True.</summary>
    public static readonly PlainValue True = new() { Kind = PlainKind.Bool, Integer = 1 };

    /// <summary>False.</summary>
    public static readonly PlainValue False = new() { Kind = PlainKind.Bool, Integer = 0 };

    private PlainValue()
    {
    }

    /// <summary>What it is.</summary>
    public required PlainKind Kind { get; init; }

    /// <summary>Of an integer its value, of a truth value 0 or 1, of a fraction the numerator.</summary>
    public BigInteger Integer { get; private init; }

    /// <summary>Of a fraction: the denominator, at least 2, with no factor in common.</summary>
    public BigInteger Denominator { get; private init; } = 1;

    /// <summary>Of a number of the kind float.</summary>
    public double Float { get; private init; }

    /// <summary>Of a text; of a float how it was written; of what is opaque, its name. May hold lone surrogates.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Of bytes.</summary>
    public byte[] Bytes { get; private init; } = [];

    /// <summary>Of a list, tuple or set the elements; of a map keys and values in turn.</summary>
    public IReadOnlyList<PlainValue> Items { get; private init; } = [];

    /// <summary>A truth value.</summary>
    public static PlainValue OfBool(bool value) => value ? True : False;

    /// <summary>An integer.</summary>
    public static PlainValue OfInteger(BigInteger value) => new() { Kind = PlainKind.Integer, Integer = value };

    /// <summary>A float, with the text that shows it.</summary>
    public static PlainValue OfFloat(double value, string text) => new() { Kind = PlainKind.Float, Float = value, Text = text };

    /// <summary>A quotient, reduced; an integer where the denominator goes into the numerator.</summary>
    public static PlainValue OfFraction(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return denominator == common
            ? OfInteger(numerator / common)
            : new PlainValue { Kind = PlainKind.Fraction, Integer = numerator / common, Denominator = denominator / common };
    }

    /// <summary>A text.</summary>
    public static PlainValue OfText(string value) => new() { Kind = PlainKind.Text, Text = value };

    /// <summary>Bytes.</summary>
    public static PlainValue OfBytes(byte[] value) => new() { Kind = PlainKind.Bytes, Bytes = value };

    /// <summary>A list, tuple, set or map.</summary>
    public static PlainValue Of(PlainKind kind, IReadOnlyList<PlainValue> items) => new() { Kind = kind, Items = items };

    /// <summary>Something that equals nothing.</summary>
    public static PlainValue OfOpaque(string name) => new() { Kind = PlainKind.Opaque, Text = name };

    /// <inheritdoc/>
    public override string ToString() => PlainText.Show(this);
}
