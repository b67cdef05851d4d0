using System.Runtime.InteropServices;

namespace O1Coder.Inference.Onnx;

/// <summary>A matrix of floats outside the managed heap, because the session keeps a pointer to it.</summary>
internal sealed unsafe class FloatMatrix : IDisposable
{
    /// <summary>Copies matrices [out, inner] that lie under each other.</summary>
    /// <param name="parts">Their elements, row-major.</param>
    /// <param name="inner">Their columns.</param>
    /// <param name="transpose">Whether the copy is [inner, out], as products want it.</param>
    public FloatMatrix(float[][] parts, int inner, bool transpose)
    {
        var outer = parts.Sum(part => part.Length / inner);
        (Rows, Columns) = transpose ? (inner, outer) : (outer, inner);
        Address = (nint)NativeMemory.AlignedAlloc((nuint)Length, 64);
        var to = (float*)Address;
        var row = 0L;
        foreach (var part in parts)
        {
            for (var start = 0; start < part.Length; start += inner, row++)
            {
                for (var i = 0; i < inner; i++)
                {
                    to[transpose ? ((long)i * outer) + row : (row * inner) + i] = part[start + i];
                }
            }
        }
    }

    /// <summary>Rows of the copy.</summary>
    public int Rows { get; }

    /// <summary>Columns of the copy.</summary>
    public int Columns { get; }

    /// <summary>Where it lies.</summary>
    public nint Address { get; private set; }

    /// <summary>Its bytes.</summary>
    public long Length => (long)Rows * Columns * sizeof(float);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree((void*)Address);
        Address = 0;
    }
}
