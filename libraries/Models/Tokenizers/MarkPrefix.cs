namespace O1Coder.Models;

/// <summary>Where a mark is put before a stretch of text.</summary>
internal enum MarkPrefix
{
    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>Before a stretch that begins the text.</summary>
    First,

    /// <summary>Before each.</summary>
    Always,
}
