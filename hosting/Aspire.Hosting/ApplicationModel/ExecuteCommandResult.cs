namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did its work.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was cancelled.</summary>
    public bool Canceled { get; init; }

    /// <summary>Why it failed, or what it has to say; null for nothing.</summary>
    public string? Message { get; init; }

    /// <summary>The former name of <see cref="Message"/>.</summary>
    [Obsolete("Use Message instead.")]
    public string? ErrorMessage
    {
        get => Message;
        init => Message = value;
    }
}
