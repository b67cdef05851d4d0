namespace O1Coder.Tcg;

/// <summary>The service's settings, section <c>Tcg</c>.</summary>
internal sealed class TcgOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Tcg";

    /// <summary>Generations that may run at once; one more is refused with ResourceExhausted.</summary>
    public int Generations { get; set; } = 16;

    /// <summary>Programs of one generation that are in the sandbox at once.</summary>
    public int Runs { get; set; } = 2;
}
