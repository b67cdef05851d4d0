using CsCheck;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu.Products;

/// <summary>Products of packed weights against plain double-precision code, and what their contract promises besides.</summary>
public sealed unsafe class PackedWeightsTests
{
    private static readonly GgufTensorType[] s_types =
        [GgufTensorType.Q4_0, GgufTensorType.Q4_1, GgufTensorType.Q8_0, GgufTensorType.F32, GgufTensorType.F16, GgufTensorType.BF16];

    public static TheoryData<string, GgufTensorType, string> Kernels
    {
        get
        {
            var all = new TheoryData<string, GgufTensorType, string>();
            foreach (var path in KernelPaths.Runnable)
            {
                foreach (var type in s_types)
                {
                    all.Add($"{path}", type, "Fast");
                    all.Add($"{path}", type, "Exact");
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_product_is_that_of_double_precision(string path, GgufTensorType type, string precision)
    {
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 9], Gen.Int[1, 21], Gen.Int[0, 1_000_000]).Sample(
            (outputs, blocks, rows, seed) =>
            {
                using var source = new MemoryWeights().With("w", type, outputs, 32 * blocks, seed);
                using var packed = PackedWeights.Pack(source, ["w"], WeightPrecision.AsStored, threads: 1);
                using var x = Activations(rows, 32 * blocks, precision, path, seed + 1);
                var y = Multiply(packed, x, 0, rows, 0, packed.Panels);
                for (var row = 0; row < rows; row++)
                {
                    var input = x.Precision == Precision.Fast && packed.Format[0] == 'q'
                        ? Quantized(x.Row(row), 32 * blocks)
                        : new ReadOnlySpan<float>(x.Row(row), 32 * blocks).ToArray().Select(value => (double)value).ToArray();
                    for (var output = 0; output < outputs; output++)
                    {
                        var (expected, size) = (0d, 0d);
                        for (var k = 0; k < 32 * blocks; k++)
                        {
                            var term = source.Weight("w", output, k) * input[k];
                            expected += term;
                            size += Math.Abs(term);
                        }

                        Assert.True(
                            Math.Abs(y[(row * outputs) + output] - expected) <= (2e-6 * size) + 1e-12,
                            $"row {row} of {rows}, output {output} of {outputs}, {blocks} blocks: {y[(row * outputs) + output]}, expected {expected}");
                    }
                }
            },
            iter: 30,
            threads: 1);
    }

    [Theory]
    [InlineData(GgufTensorType.Q4_0)]
    [InlineData(GgufTensorType.Q4_1)]
    [InlineData(GgufTensorType.Q8_0)]
    public void Machine_code_computes_the_same_bits_as_the_intrinsics(GgufTensorType type)
    {
        if (!KernelPaths.Runnable.Contains(KernelPath.Avx512Vnni))
        {
            TestContext.Current.TestOutputHelper!.WriteLine("this machine has no AVX-512 VNNI");
            return;
        }

        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[0, 1_000_000]).Sample(
            (outputs, blocks, rows, seed) =>
            {
                using var source = new MemoryWeights().With("w", type, outputs, 32 * blocks, seed);
                using var packed = PackedWeights.Pack(source, ["w"], WeightPrecision.AsStored, threads: 1);
                using var code = Activations(rows, 32 * blocks, "Fast", nameof(KernelPath.Avx512Vnni), seed + 1);
                using var intrinsics = Activations(rows, 32 * blocks, "Fast", nameof(KernelPath.Avx512), seed + 1);
                Assert.Equal(Multiply(packed, intrinsics, 0, rows, 0, packed.Panels), Multiply(packed, code, 0, rows, 0, packed.Panels));
            },
            iter: 100,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_row_is_the_same_to_the_bit_whatever_rows_and_panels_are_asked_for(string path, GgufTensorType type, string precision)
    {
        const int Outputs = 59, Inputs = 224, Rows = 71;
        using var source = new MemoryWeights().With("w", type, Outputs, Inputs, seed: 5);
        using var packed = PackedWeights.Pack(source, ["w"], WeightPrecision.AsStored, threads: 2);
        using var x = Activations(Rows, Inputs, precision, path, seed: 6);
        var whole = Multiply(packed, x, 0, Rows, 0, packed.Panels);
        for (var first = 0; first < Rows; first += 5)
        {
            for (var count = 1; count <= Rows - first; count += count < 17 ? 1 : 9)
            {
                Assert.Equal(whole[(first * Outputs)..((first + count) * Outputs)], Multiply(packed, x, first, count, 0, packed.Panels));
            }
        }

        for (var panel = 0; panel < packed.Panels; panel++)
        {
            var part = Multiply(packed, x, 1, 13, panel, 1);
            var (from, to) = (panel * PackedWeights.PanelOutputs, Math.Min(Outputs, (panel + 1) * PackedWeights.PanelOutputs));
            for (var i = 0; i < part.Length; i++)
            {
                // What is no output of the panel stays as it was.
                var expected = i % Outputs >= from && i % Outputs < to ? whole[Outputs + i] : Untouched;
                Assert.Equal(expected, part[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Multiplying_allocates_nothing(string path, GgufTensorType type, string precision)
    {
        using var source = new MemoryWeights().With("w", type, 40, 96, seed: 1);
        using var packed = PackedWeights.Pack(source, ["w"], WeightPrecision.AsStored, threads: 1);
        using var x = Activations(23, 96, precision, path, seed: 2);
        var y = new float[23 * 40];
        fixed (float* to = y)
        {
            packed.Multiply(x, 0, 23, 0, packed.Panels, to, 40);
            var before = GC.GetAllocatedBytesForCurrentThread();
            x.Prepare(0, 23);
            packed.Multiply(x, 0, 23, 0, packed.Panels, to, 40);
            packed.Multiply(x, 3, 1, 1, 1, to, 40);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Theory]
    [InlineData(GgufTensorType.Q4_0, "q4_0")]
    [InlineData(GgufTensorType.Q4_1, "q4_1")]
    [InlineData(GgufTensorType.Q8_0, "q8_0")]
    [InlineData(GgufTensorType.F32, "float32")]
    [InlineData(GgufTensorType.F16, "float16")]
    [InlineData(GgufTensorType.BF16, "bfloat16")]
    public void Stored_weights_are_held_exactly(GgufTensorType type, string format)
    {
        using var source = new MemoryWeights().With("a", type, 21, 96, seed: 8).With("b", type, 3, 96, seed: 9);
        using var packed = PackedWeights.Pack(source, ["a", "b"], WeightPrecision.AsStored, threads: 2);

        Assert.Equal((24, 96, 1, format), (packed.Outputs, packed.Inputs, packed.Panels, packed.Format));
        for (var output = 0; output < 24; output++)
        {
            var (name, row) = output < 21 ? ("a", output) : ("b", output - 21);
            var expected = new float[96];
            source.ReadRows(name, row, expected);
            Assert.Equal(expected, Row(packed, output));
        }
    }

    [Fact]
    public void Tensors_stored_differently_become_float32()
    {
        using var source = new MemoryWeights().With("a", GgufTensorType.Q4_0, 5, 64, seed: 8).With("b", GgufTensorType.F16, 6, 64, seed: 9);
        using var packed = PackedWeights.Pack(source, ["a", "b"], WeightPrecision.AsStored, threads: 1);

        Assert.Equal("float32", packed.Format);
        var expected = new float[64];
        source.ReadRows("b", 5, expected);
        Assert.Equal(expected, Row(packed, 10));
    }

    [Fact]
    public void Conversion_to_4_and_8_bits_keeps_the_stated_bounds()
    {
        Gen.Select(Gen.Single[-3, 3].Array[64], Gen.Int[-8, 4]).Sample(
            (numbers, power) =>
            {
                var values = numbers.Select(number => number * MathF.Pow(10, power)).ToArray();
                using var source = new MemoryWeights().With("w", 1, 64, values);
                using var four = PackedWeights.Pack(source, ["w"], WeightPrecision.Int4, threads: 1);
                using var eight = PackedWeights.Pack(source, ["w"], WeightPrecision.Int8, threads: 1);
                Assert.Equal(("q4_0", "q8_0"), (four.Format, eight.Format));
                var (q4, q8) = (Row(four, 0), Row(eight, 0));
                for (var i = 0; i < 64; i++)
                {
                    // Half precision rounds scales below 2^-14 to multiples of 2^-24.
                    var block = values.AsSpan(i / 32 * 32, 32).ToArray();
                    var extreme = block.MaxBy(MathF.Abs);
                    var step4 = Math.Abs((double)(Half)(extreme / -8));
                    var beyond = Math.Sign(values[i]) != Math.Sign(extreme) && Math.Abs(values[i]) > 7.5 * step4;
                    Assert.True(Math.Abs(q4[i] - values[i]) <= ((beyond ? 1 : 0.5) * step4) + 4e-3 * step4 + 3e-7, $"{values[i]} became {q4[i]}, step {step4}");
                    var step8 = Math.Abs(extreme) / 127.0;
                    Assert.True(Math.Abs(q8[i] - values[i]) <= (0.6 * step8) + 4e-6, $"{values[i]} became {q8[i]}, step {step8}");
                }
            },
            iter: 200);
    }

    [Fact]
    public void Weights_of_4_bits_stay_as_they_are_stored()
    {
        using var source = new MemoryWeights().With("w", GgufTensorType.Q4_1, 2, 32, seed: 3);
        using var packed = PackedWeights.Pack(source, ["w"], WeightPrecision.Int8, threads: 1);
        Assert.Equal("q4_1", packed.Format);
    }

    [Fact]
    public void Bad_input_is_refused_by_name()
    {
        using var source = new MemoryWeights().With("a", GgufTensorType.F32, 4, 64, seed: 1).With("b", GgufTensorType.F32, 4, 96, seed: 1)
            .With("odd", 2, 33, new float[66]).With("nan", 1, 32, [float.NaN, .. new float[31]]).With("large", 1, 32, [1e9f, .. new float[31]]);

        Refused("'b' has 96 inputs: expected 64", () => Pack(["a", "b"]));
        Refused("'odd' is [2, 33]", () => Pack(["odd"]));
        Refused("names is empty", () => Pack([]));
        Refused("'nan': a weight is NaN", () => Pack(["nan"], WeightPrecision.Int4));
        Refused("'large': a weight is", () => Pack(["large"], WeightPrecision.Int8));
        using var packed = Pack(["a"]);
        using var narrow = new ActivationRows(2, 32, Precision.Exact, KernelPath.Vector128);
        using var x = new ActivationRows(2, 64, Precision.Exact, KernelPath.Vector128);
        Refused("x has 32 elements a row: expected 64", () => Multiply(packed, narrow, 0, 1, 0, 1));
        Refused("rows from 1 on, 2 of them", () => Multiply(packed, x, 1, 2, 0, 1));
        Refused("panels from 0 on, 2 of them", () => Multiply(packed, x, 0, 2, 0, 2));
        Refused("expected a positive multiple of 32", () => new ActivationRows(1, 33, Precision.Fast, KernelPath.Vector128).Dispose());

        PackedWeights Pack(string[] names, WeightPrecision precision = WeightPrecision.AsStored) =>
            PackedWeights.Pack(source, names, precision, threads: 2);

        static void Refused(string part, Action action) => Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    private const float Untouched = 12345;

    private static ActivationRows Activations(int rows, int inputs, string precision, string path, int seed)
    {
        var x = new ActivationRows(rows, inputs, Enum.Parse<Precision>(precision), Enum.Parse<KernelPath>(path));
        var random = new Random(seed);
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < inputs; k++)
            {
                // A few large ones, as models have them; one block of zeros.
                var value = (2 * random.NextSingle()) - 1;
                x.Row(row)[k] = row == 1 && k < 32 ? 0 : random.Next(40) == 0 ? 50 * value : value;
            }
        }

        x.Prepare(0, rows);
        return x;
    }

    // Codes as the class's comment states them.
    private static double[] Quantized(float* row, int inputs)
    {
        var values = new double[inputs];
        for (var block = 0; block < inputs; block += 32)
        {
            var largest = new ReadOnlySpan<float>(row + block, 32).ToArray().Max(MathF.Abs);
            var factor = largest > 0 ? 127 / largest : 0;
            for (var k = block; k < block + 32; k++)
            {
                values[k] = MathF.Round(row[k] * factor, MidpointRounding.ToEven) * (largest / 127);
            }
        }

        return values;
    }

    private static float[] Multiply(PackedWeights weights, ActivationRows x, int firstRow, int rows, int firstPanel, int panels)
    {
        var y = new float[rows * weights.Outputs];
        Array.Fill(y, Untouched);
        fixed (float* to = y)
        {
            weights.Multiply(x, firstRow, rows, firstPanel, panels, to, weights.Outputs);
        }

        return y;
    }

    private static float[] Row(PackedWeights weights, int output)
    {
        var row = new float[weights.Inputs];
        fixed (float* to = row)
        {
            weights.ReadRow(output, to);
        }

        return row;
    }
}
