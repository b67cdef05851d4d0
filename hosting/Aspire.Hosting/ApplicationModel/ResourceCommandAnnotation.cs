namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command that can be run on a resource.</summary>
public sealed class ResourceCommandAnnotation : IResourceAnnotation
{
    // Made by WithCommand: the official constructor has parameters for parts of the API that are not here.
    internal ResourceCommandAnnotation(string name, string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand, CommandOptions? options)
    {
        Name = name;
        DisplayName = displayName;
        ExecuteCommand = executeCommand;
        DisplayDescription = options?.Description;
        ConfirmationMessage = options?.ConfirmationMessage;
        IconName = options?.IconName;
        IconVariant = options?.IconVariant;
        IsHighlighted = options?.IsHighlighted ?? false;
        UpdateState = options?.UpdateState ?? (_ => ResourceCommandState.Enabled);
    }

    /// <summary>Its name, unique in the resource.</summary>
    public string Name { get; }

    /// <summary>How it is shown.</summary>
    public string DisplayName { get; }

    /// <summary>What it does.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; }

    /// <summary>What it is for; null when not said.</summary>
    public string? DisplayDescription { get; }

    /// <summary>What is asked before it runs; null for nothing.</summary>
    public string? ConfirmationMessage { get; }

    /// <summary>The icon that it is shown with; null for none.</summary>
    public string? IconName { get; }

    /// <summary>How the icon is drawn; null for the default.</summary>
    public IconVariant? IconVariant { get; }

    /// <summary>Whether it is shown with emphasis.</summary>
    public bool IsHighlighted { get; }

    /// <summary>Whether it can run in the resource's present state.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; }
}
