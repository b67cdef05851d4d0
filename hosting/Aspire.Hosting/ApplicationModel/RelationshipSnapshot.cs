namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a resource relates to another.</summary>
/// <param name="ResourceName">The other resource's name.</param>
/// <param name="Type">How: Reference, WaitFor, Parent, or a word of the application's.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);
