using System.Runtime.InteropServices;

namespace O1Coder.Inference.Onnx;

/// <summary>Where a run leaves logits and hidden states: on the host, outside the managed heap.</summary>
internal sealed unsafe class RowOutputs : IDisposable
{
    /// <summary>Makes room.</summary>
    /// <param name="rows">Rows of each at most.</param>
    /// <param name="shape">Their widths.</param>
    public RowOutputs(int rows, DecoderShape shape)
    {
        (Vocabulary, HiddenSize) = (shape.Vocabulary, shape.Hidden);
        Logits = (nint)NativeMemory.AlignedAlloc((nuint)((long)rows * Vocabulary * sizeof(float)), 64);
        Hidden = (nint)NativeMemory.AlignedAlloc((nuint)((long)rows * HiddenSize * sizeof(float)), 64);
    }

    /// <summary>Width of a row of logits.</summary>
    public int Vocabulary { get; }

    /// <summary>Width of a hidden state.</summary>
    public int HiddenSize { get; }

    /// <summary>Where the logits lie, [rows, vocabulary].</summary>
    public nint Logits { get; private set; }

    /// <summary>Where the hidden states lie, [rows, hidden size].</summary>
    public nint Hidden { get; private set; }

    /// <summary>The first rows of logits.</summary>
    public ReadOnlySpan<float> LogitRows(int rows) => new((float*)Logits, checked(rows * Vocabulary));

    /// <summary>A row of logits.</summary>
    public Span<float> LogitRow(int row) => new((float*)Logits + ((long)row * Vocabulary), Vocabulary);

    /// <summary>A hidden state.</summary>
    public Span<float> HiddenRow(int row) => new((float*)Hidden + ((long)row * HiddenSize), HiddenSize);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree((void*)Logits);
        NativeMemory.AlignedFree((void*)Hidden);
        (Logits, Hidden) = (0, 0);
    }
}
