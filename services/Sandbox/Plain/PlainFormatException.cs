namespace O1Coder.Sandbox.Plain;

/// <summary>A text or bytes that hold no plain value; the message says what is wrong.</summary>
internal sealed class PlainFormatException(string message) : Exception(message);
