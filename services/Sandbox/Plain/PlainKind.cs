namespace O1Coder.Sandbox.Plain;

/// <summary>What a <see cref="PlainValue"/> is.</summary>
internal enum PlainKind
{
    /// <summary>None, null.</summary>
    Null,

    /// <summary>A truth value.</summary>
    Bool,

    /// <summary>An integer of any size.</summary>
    Integer,

    /// <summary>A binary64 number.</summary>
    Float,

    /// <summary>A quotient of two integers, which a Python Fraction or Decimal is.</summary>
    Fraction,

    /// <summary>A text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>A list.</summary>
    List,

    /// <summary>A tuple.</summary>
    Tuple,

    /// <summary>A set.</summary>
    Set,

    /// <summary>A dictionary: keys and values in turn.</summary>
    Map,

    /// <summary>Anything else: it equals nothing.</summary>
    Opaque,
}
