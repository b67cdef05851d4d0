namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>A console line that is kept to be searched.</summary>
/// <param name="Instance">The resource's instance name.</param>
/// <param name="Name">What the resource is called.</param>
/// <param name="Time">When it was written, UTC ticks.</param>
/// <param name="Text">What it says, without colours.</param>
public sealed record KeptLine(string Instance, string Name, long Time, string Text);
