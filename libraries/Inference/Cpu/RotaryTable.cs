using System.Runtime.InteropServices;

namespace O1Coder.Inference.Cpu;

/// <summary>Cosines and sines of the rotary embedding (arXiv 2104.09864) for every position, outside the managed heap.</summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly int _half;
    private float* _data;

    /// <summary>Computes the tables in doubles.</summary>
    /// <param name="frequencies">Angles a position, one for each pair of a head's elements.</param>
    /// <param name="positions">Positions.</param>
    public RotaryTable(IReadOnlyList<double> frequencies, int positions)
    {
        _half = frequencies.Count;
        _data = (float*)NativeMemory.AlignedAlloc((nuint)((long)positions * 2 * _half * sizeof(float)), 64);
        for (var position = 0; position < positions; position++)
        {
            for (var i = 0; i < _half; i++)
            {
                var (sine, cosine) = Math.SinCos(position * frequencies[i]);
                Cosines(position)[i] = (float)cosine;
                Sines(position)[i] = (float)sine;
            }
        }
    }

    /// <summary>A position's cosines, one for each pair.</summary>
    public float* Cosines(int position) => _data + ((long)position * 2 * _half);

    /// <summary>A position's sines, one for each pair.</summary>
    public float* Sines(int position) => Cosines(position) + _half;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
