namespace Aspire.Hosting.ApplicationModel;

/// <summary>The types of relationships that are not the application's own.</summary>
internal static class KnownRelationshipTypes
{
    /// <summary>It is shown under the other.</summary>
    public const string Parent = "Parent";

    /// <summary>It is told where the other is.</summary>
    public const string Reference = "Reference";

    /// <summary>It starts after the other.</summary>
    public const string WaitFor = "WaitFor";
}
