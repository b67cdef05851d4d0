using System.ComponentModel.DataAnnotations;

namespace O1Coder.Tcg;

/// <summary>The service's settings, section <c>Tcg</c>.</summary>
internal sealed class TcgOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Tcg";

    /// <summary>Generations that may run at once; one more is refused with ResourceExhausted.</summary>
    [Range(1, 1000)]
    public int Generations { get; set; } = 16;

    /// <summary>Programs of one generation that are in the sandbox at once.</summary>
    [Range(1, 64)]
    public int Runs { get; set; } = 2;
}
