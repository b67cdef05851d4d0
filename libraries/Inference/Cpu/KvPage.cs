namespace O1Coder.Inference.Cpu;

/// <summary>Keys and values of up to 16 consecutive tokens in all layers. Made, shared and freed by a <see cref="KvPagePool"/>.</summary>
internal sealed unsafe class KvPage
{
    /// <summary>Where they lie, as <see cref="KvLayout"/> says.</summary>
    public float* Address { get; set; }

    /// <summary>Sequences and blocks that hold it. Only one that holds it alone may write.</summary>
    public int Holders { get; set; }

    /// <summary>Of them, blocks.</summary>
    public int Blocks { get; set; }
}
