using O1Coder.V1;

namespace O1Coder.Sandbox.Verification;

/// <summary>One case of <c>sandbox verify</c>: a program, what it is run against, and what must come of it.</summary>
/// <param name="Name">The folder's path below the folder that was searched.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Request">What the service is asked.</param>
internal sealed record VerifyCase(string Name, string Folder, ExecuteRequest Request)
{
    /// <summary>The outcomes that are right.</summary>
    public required IReadOnlySet<string> Expect { get; init; }

    /// <summary>Texts that must appear in no output, message or log.</summary>
    public IReadOnlyList<string> Forbid { get; init; } = [];

    /// <summary>The case that runs next in the same pool; null for none.</summary>
    public VerifyCase? Then { get; set; }

    /// <summary>The name of that case, as it was written; empty for none.</summary>
    public string ThenName { get; init; } = "";

    /// <summary>Seconds by which the verdict must have come; null for no such bound.</summary>
    public double? WithinSeconds { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
