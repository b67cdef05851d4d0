namespace Aspire.Hosting.ApplicationModel;

/// <summary>A state and how it is shown.</summary>
/// <param name="Text">The state: one of <see cref="KnownResourceStates"/>.</param>
/// <param name="Style">How it is shown: one of <see cref="KnownResourceStateStyles"/>; null for the default.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state shown in the default way.</summary>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}
