namespace Aspire.Hosting;

/// <summary>The application cannot be built, started or waited for; the message says why in one line.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
