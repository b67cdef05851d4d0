namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command that can be run on a resource, and whether it can run now.</summary>
/// <param name="Name">Its name, unique in the resource.</param>
/// <param name="State">Whether it can run now.</param>
/// <param name="DisplayName">How it is shown.</param>
/// <param name="DisplayDescription">What it is for; null when not said.</param>
/// <param name="Parameter">Kept, without effect: commands have no parameters.</param>
/// <param name="ConfirmationMessage">What is asked before it runs; null for nothing.</param>
/// <param name="IconName">The icon that it is shown with; null for none.</param>
/// <param name="IconVariant">How the icon is drawn; null for the default.</param>
/// <param name="IsHighlighted">Whether it is shown with emphasis.</param>
public sealed record ResourceCommandSnapshot(string Name, ResourceCommandState State, string DisplayName, string? DisplayDescription,
    object? Parameter, string? ConfirmationMessage, string? IconName, IconVariant? IconVariant, bool IsHighlighted);
