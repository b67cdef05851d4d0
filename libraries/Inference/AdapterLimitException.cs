namespace O1Coder.Inference;

/// <summary>There is no room for another adapter.</summary>
public sealed class AdapterLimitException : Exception
{
    /// <summary>Makes the exception with a message for people.</summary>
    public AdapterLimitException(string message) : base(message)
    {
    }
}
