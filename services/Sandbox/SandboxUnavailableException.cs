namespace O1Coder.Sandbox;

/// <summary>Programs cannot be run in isolation here; the message says why and what to do.</summary>
public sealed class SandboxUnavailableException(string message) : Exception(message);
