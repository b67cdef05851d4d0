namespace O1Coder.Models;

/// <summary>A token that is found in a text by its spelling, before the text is cut into pieces.</summary>
/// <param name="Id">The id.</param>
/// <param name="Content">The spelling; not empty.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether the token structures texts and must not come from what a person has written.</summary>
    public bool Control { get; init; } = true;

    /// <summary>Whether whitespace before it belongs to it.</summary>
    public bool TakesLeft { get; init; }

    /// <summary>Whether whitespace after it belongs to it.</summary>
    public bool TakesRight { get; init; }

    /// <summary>Whether it is found only where no letter, digit or underscore adjoins.</summary>
    public bool SingleWord { get; init; }
}
