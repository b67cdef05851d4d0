namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did its work.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was cancelled.</summary>
    public bool Canceled { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What it has to say; null for nothing.</summary>
    public string? Message { get; init; }
}
