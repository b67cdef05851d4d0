namespace O1Coder.Inference;

/// <summary>A request names an adapter version that the engine does not serve, or not any more.</summary>
public sealed class AdapterNotLoadedException : Exception
{
    /// <summary>Makes the exception for a version.</summary>
    public AdapterNotLoadedException(string version)
        : base($"adapter version '{version}' is not loaded") => Version = version;

    /// <summary>The version that was named.</summary>
    public string Version { get; }
}
