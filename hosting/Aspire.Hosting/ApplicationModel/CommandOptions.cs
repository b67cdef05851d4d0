namespace Aspire.Hosting.ApplicationModel;

/// <summary>More about a command.</summary>
public class CommandOptions
{
    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>What is asked before it runs.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>The icon that it is shown with.</summary>
    public string? IconName { get; set; }

    /// <summary>How the icon is drawn; null for the default.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it is shown with emphasis.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Whether it can run in the resource's present state; null for always.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}
