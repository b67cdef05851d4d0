using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>A floating-point number as a panel stores it.</summary>
internal unsafe interface IPanelNumber
{
    /// <summary>The type's name.</summary>
    static abstract string Name { get; }

    /// <summary>ggml's type of it.</summary>
    static abstract GgufTensorType Stored { get; }

    /// <summary>The number, exactly.</summary>
    float Value { get; }

    /// <summary>A vector of such numbers.</summary>
    static abstract TFloats Load<TLanes, TInts, TFloats>(byte* from)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct;
}
