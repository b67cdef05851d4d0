namespace O1Coder.Hosting.Dashboard.Telemetry.GenAi;

/// <summary>A part of a message.</summary>
/// <param name="Kind">text, reasoning, tool_call, tool_call_response, or what else the sender says.</param>
/// <param name="Text">What is in it; JSON where it is no text.</param>
/// <param name="Name">The tool's name; empty otherwise.</param>
public sealed record GenAiPart(string Kind, string Text, string Name);
