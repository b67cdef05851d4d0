namespace O1Coder.Models;

/// <summary>How a statement ended.</summary>
internal enum TemplateFlow
{
    /// <summary>The next one follows.</summary>
    Next,

    /// <summary>The loop ends.</summary>
    Break,

    /// <summary>The loop's next round follows.</summary>
    Continue,
}
