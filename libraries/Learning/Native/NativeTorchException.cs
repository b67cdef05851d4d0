namespace O1Coder.Learning.Native;

/// <summary>libtorch or TorchSharp's native library is missing or cannot be loaded; the message is one line for people.</summary>
public sealed class NativeTorchException : Exception
{
    /// <summary>Makes one.</summary>
    public NativeTorchException(string message) : base(message)
    {
    }

    /// <summary>Makes one with what caused it.</summary>
    public NativeTorchException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
