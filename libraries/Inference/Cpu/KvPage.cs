namespace O1Coder.Inference.Cpu;

/// <summary>Keys and values of up to 16 consecutive tokens in all layers. Made, shared and freed by a <see cref="KvPagePool"/>.</summary>
/// <param name="address">Where they lie.</param>
internal sealed unsafe class KvPage(float* address)
{
    /// <summary>Where they lie, as <see cref="KvLayout"/> says.</summary>
    public float* Address { get; } = address;

    /// <summary>Sequences and blocks that hold it. Only one that holds it alone may write.</summary>
    public int Holders { get; set; }

    /// <summary>Of them, blocks.</summary>
    public int Blocks { get; set; }
}
