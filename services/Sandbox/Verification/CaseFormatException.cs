namespace O1Coder.Sandbox.Verification;

/// <summary>A case that cannot be run as it stands; the message names the case, the field, its value and what was expected.</summary>
public sealed class CaseFormatException(string message) : Exception(message);
