namespace O1Coder.Inference;

/// <summary>The engine's queue is full; the caller may try again later.</summary>
public sealed class EngineBusyException : Exception
{
    /// <summary>Makes the exception with a message for people.</summary>
    public EngineBusyException(string message) : base(message)
    {
    }
}
