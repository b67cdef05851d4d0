namespace O1Coder.Models;

/// <summary>The value of a name, member or item that is not there; it is false, empty and writes nothing.</summary>
internal sealed class Undefined
{
    private Undefined()
    {
    }

    /// <summary>The one instance.</summary>
    public static Undefined Value { get; } = new();
}
