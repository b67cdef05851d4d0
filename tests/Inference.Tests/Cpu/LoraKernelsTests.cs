using System.Runtime.InteropServices;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>An adapter's two products against doubles; an element's bits do not depend on which others are computed with it.</summary>
public sealed unsafe class LoraKernelsTests
{
    public static TheoryData<string, string> Kernels
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var path in KernelPaths.Runnable)
            {
                all.Add($"{path}", nameof(Precision.Fast));
                all.Add($"{path}", nameof(Precision.Exact));
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_agree_with_doubles(string path, string precision)
    {
        foreach (var (rank, inputs, outputs, rows) in s_shapes)
        {
            using var adapter = new Adapter(path, precision, rank, inputs, outputs);
            var x = Numbers(rows * inputs, 6);
            var inner = adapter.Down(x, rows, 0, rank);
            var y = adapter.Up(inner, rows, Numbers(rows * outputs, 7), 0, outputs);
            var before = Numbers(rows * outputs, 7);

            // In fast mode a factor is off by at most 1/65,534 of the largest of its rank.
            var tolerance = precision == nameof(Precision.Fast) ? 2e-4 : 1e-5;
            for (var row = 0; row < rows; row++)
            {
                var expected = Enumerable.Range(0, rank).Select(r => Enumerable.Range(0, inputs)
                    .Sum(k => (double)adapter.A[(r * inputs) + k] * x[(row * inputs) + k])).ToArray();
                for (var output = 0; output < outputs; output++)
                {
                    var sum = Enumerable.Range(0, rank).Sum(r => expected[r] * adapter.B[(output * rank) + r] * Adapter.Scale);
                    Assert.Equal(before[(row * outputs) + output] + sum, y[(row * outputs) + output], tolerance * Math.Sqrt(inputs) * rank);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Bits_do_not_depend_on_the_rows_ranks_and_outputs_that_are_asked_for(string path, string precision)
    {
        foreach (var (rank, inputs, outputs, rows) in s_shapes)
        {
            using var adapter = new Adapter(path, precision, rank, inputs, outputs);
            var (x, y) = (Numbers(rows * inputs, 6), Numbers(rows * outputs, 7));
            var inner = adapter.Down(x, rows, 0, rank);
            var sums = adapter.Up(inner, rows, y, 0, outputs);
            for (var row = 0; row < rows; row++)
            {
                var one = adapter.Down(x[(row * inputs)..((row + 1) * inputs)], 1, 0, rank);
                Assert.Equal(inner[(row * rank)..((row + 1) * rank)], one);
                Assert.Equal(inner[((row * rank) + rank - 1)..((row + 1) * rank)], adapter.Down(x[(row * inputs)..((row + 1) * inputs)], 1, rank - 1, 1));
                Assert.Equal(
                    sums[(row * outputs)..((row + 1) * outputs)], adapter.Up(one, 1, y[(row * outputs)..((row + 1) * outputs)], 0, outputs));
            }

            for (var cut = 1; cut < outputs; cut++)
            {
                Assert.Equal(sums, adapter.Up(inner, rows, adapter.Up(inner, rows, y, 0, cut), cut, outputs - cut));
            }
        }
    }

    [Fact]
    public void Factors_of_any_size_survive_as_integers()
    {
        var codes = stackalloc short[64];
        foreach (var size in new[] { 0f, 1e-38f, 1e-20f, 1e-3f, 1f, 1e20f })
        {
            var values = Numbers(64, 1).Select(value => value * size).ToArray();
            var largest = values.Max(Math.Abs);
            var scale = ShortFactors.Scale(largest);
            Assert.True(float.IsFinite(scale) && scale > 0);
            ShortFactors.Put(values, scale, (byte*)codes);
            for (var i = 0; i < values.Length; i++)
            {
                Assert.Equal(values[i], codes[i] * scale, Math.Max(largest / 65_000.0, 1e-34));
            }
        }
    }

    private static readonly (int Rank, int Inputs, int Outputs, int Rows)[] s_shapes =
        [(1, 40, 3, 1), (8, 64, 64, 4), (13, 37, 70, 5), (16, 96, 200, 9), (64, 100, 65, 3)];

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    // Factors of a matrix, laid out by the image of an adapter for a model of one layer.
    private sealed class Adapter : IDisposable
    {
        public const float Scale = 2;

        private readonly LoraKernels _kernels;
        private readonly LoraFactors _factors;
        private readonly void* _memory;

        public Adapter(string path, string precision, int rank, int inputs, int outputs)
        {
            _kernels = LoraKernels.For(Enum.Parse<KernelPath>(path), Enum.Parse<Precision>(precision));
            (A, B) = (Numbers(rank * inputs, 4), Numbers(outputs * rank, 5));
            var (codesOfA, codesOfB) = (rank * inputs * _kernels.Bytes, outputs * rank * _kernels.Bytes);
            _memory = NativeMemory.AllocZeroed((nuint)(codesOfA + codesOfB + (rank * sizeof(float)) + 64));
            var scales = (float*)_memory;
            var codes = (byte*)(scales + rank);
            _factors = new LoraFactors(rank, inputs, outputs)
            {
                Scales = scales,
                A = codes,
                B = codes + codesOfA,
            };
            LoraImage.Fill(_factors, new LoraMatrices(A, B), Scale, _kernels);
        }

        public float[] A { get; }

        public float[] B { get; }

        public float[] Down(float[] x, int rows, int firstRank, int ranks)
        {
            var inner = new float[rows * ranks];
            fixed (float* from = x, to = inner)
            {
                _kernels.Down(_factors, firstRank, ranks, from, _factors.Inputs, rows, to, ranks);
            }

            return inner;
        }

        public float[] Up(float[] inner, int rows, float[] y, int first, int count)
        {
            var sums = y.ToArray();
            fixed (float* from = inner, to = sums)
            {
                for (int output = first, next; output < first + count; output = next)
                {
                    next = Math.Min(((output / LoraFactors.TileOutputs) + 1) * LoraFactors.TileOutputs, first + count);
                    _kernels.Up(_factors, output, next - output, from, _factors.Rank, rows, to + output, _factors.Outputs);
                }
            }

            return sums;
        }

        public void Dispose() => NativeMemory.Free(_memory);
    }
}
