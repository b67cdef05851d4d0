namespace O1Coder.Cli;

/// <summary>The user gave something that cannot be used; the message is one line that says what and why.</summary>
internal sealed class BadInputException(string message) : Exception(message);
