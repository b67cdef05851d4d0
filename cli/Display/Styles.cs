using O1Coder.V1;
using Spectre.Console;

namespace O1Coder.Cli.Display;

/// <summary>The few styles of the screen, from the sixteen colours that the user's theme defines.</summary>
internal static class Styles
{
    /// <summary>Headings.</summary>
    public static Style Strong { get; } = new(decoration: Decoration.Bold);

    /// <summary>What matters less.</summary>
    public static Style Quiet { get; } = new(Color.Grey);

    /// <summary>What runs now, and frames.</summary>
    public static Style Accent { get; } = new(Color.Teal);

    /// <summary>What went well.</summary>
    public static Style Good { get; } = new(Color.Green);

    /// <summary>What went well, loudly.</summary>
    public static Style Success { get; } = new(Color.Green, decoration: Decoration.Bold);

    /// <summary>What went badly.</summary>
    public static Style Bad { get; } = new(Color.Red);

    /// <summary>What is neither.</summary>
    public static Style Middling { get; } = new(Color.Olive);

    /// <summary>A verdict's style.</summary>
    public static Style Of(Verdict verdict) => verdict switch
    {
        Verdict.Accepted => Good,
        Verdict.WrongAnswer => Middling,
        Verdict.Unspecified or Verdict.InternalError => Quiet,
        _ => Bad,
    };

    /// <summary>A verdict's sign, one column wide.</summary>
    public static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Accepted => "✓",
        Verdict.Unspecified or Verdict.InternalError => "?",
        _ => "✗",
    };
}
