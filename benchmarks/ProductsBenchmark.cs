using System.CommandLine;
using System.Runtime.InteropServices;
using O1Coder.Inference;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// The matrix products of the CPU back end on one thread, in operations a second, two for a multiply-add, by CPU time of the
/// process, which does nothing else; the best of many samples of some milliseconds, because other work on the machine can only
/// slow one down. Weights come from memory: several matrices in turn, together larger than caches. The peer of each
/// instruction set is the 128-bit path of the same format.
/// </summary>
internal static unsafe class ProductsBenchmark
{
    private static readonly int[] s_rows = [1, 2, 4, 8, 16, 32, 256];
    private static readonly (int Inputs, int Outputs)[] s_shapes = [(896, 4864), (4864, 896), (896, 151936)];
    private static readonly GgufTensorType[] s_types =
        [GgufTensorType.Q4_0, GgufTensorType.Q4_1, GgufTensorType.Q8_0, GgufTensorType.BF16, GgufTensorType.F16, GgufTensorType.F32];

    public static Command Command()
    {
        var rows = new Option<int[]>("--rows") { Description = "Rows of activations.", DefaultValueFactory = _ => s_rows, AllowMultipleArgumentsPerToken = true };
        var formats = new Option<GgufTensorType[]>("--formats") { Description = "Stored types.", DefaultValueFactory = _ => s_types, AllowMultipleArgumentsPerToken = true };
        var paths = new Option<KernelPath[]>("--paths") { Description = "Instruction sets.", DefaultValueFactory = _ => [.. KernelPaths.Runnable.Reverse()], AllowMultipleArgumentsPerToken = true };
        var precisions = new Option<Precision[]>("--precisions") { Description = "Fast, Exact.", DefaultValueFactory = _ => [Precision.Fast, Precision.Exact], AllowMultipleArgumentsPerToken = true };
        var shapes = new Option<int[]>("--shapes") { Description = "Which shapes, from 0.", DefaultValueFactory = _ => [0, 1, 2], AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<double>("--seconds") { Description = "CPU seconds a number.", DefaultValueFactory = _ => 0.3 };
        var resident = new Option<int>("--mebibytes") { Description = "Weights that take turns; 0 is one matrix over and over.", DefaultValueFactory = _ => 192 };
        var command = new Command("products", "Giga-operations a second of the matrix products, one thread.") { rows, formats, paths, precisions, shapes, seconds, resident };
        command.SetAction(parsed => Run(
            parsed.GetValue(rows)!,
            parsed.GetValue(formats)!,
            parsed.GetValue(paths)!,
            parsed.GetValue(precisions)!,
            [.. parsed.GetValue(shapes)!.Select(i => s_shapes[i])],
            parsed.GetValue(seconds),
            (long)parsed.GetValue(resident) << 20));
        return command;
    }

    private static void Run(
        int[] rows, GgufTensorType[] types, KernelPath[] paths, Precision[] precisions, (int Inputs, int Outputs)[] shapes, double seconds, long resident)
    {
        Print($"Gop/s (2 per multiply-add) on one thread, by CPU time, best samples; runs here: {string.Join(", ", KernelPaths.Runnable)}");
        foreach (var (inputs, outputs) in shapes)
        {
            Print($"{inputs} inputs x {outputs} outputs; rows, and GB/s of weights at {rows[0]}:");
            Print($"{"",-28}{string.Concat(rows.Select(count => $"{count,8}"))}{"GB/s",8}");
            foreach (var type in types)
            {
                using var source = new RandomWeights(type, outputs, inputs);
                using var first = Pack(source);
                PackedWeights[] matrices = [first, .. Enumerable.Range(1, (int)(resident / first.Bytes)).Select(_ => Pack(source))];
                foreach (var precision in precisions)
                {
                    foreach (var path in paths)
                    {
                        var rates = rows.Select(count => Measure(matrices, count, precision, path, seconds)).ToArray();
                        var bandwidth = rates[0] / (2.0 * rows[0] * inputs * outputs) * first.Bytes;
                        Print($"{$"{first.Format} {precision} {path}",-28}{string.Concat(rates.Select(rate => $"{rate,8:f0}"))}{bandwidth,8:f1}");
                    }
                }

                foreach (var matrix in matrices)
                {
                    matrix.Dispose();
                }
            }
        }
    }

    private static PackedWeights Pack(RandomWeights source) => PackedWeights.Pack(source, ["w"], WeightPrecision.AsStored, Environment.ProcessorCount);

    private static double Measure(PackedWeights[] matrices, int rows, Precision precision, KernelPath path, double seconds)
    {
        var (inputs, outputs) = (matrices[0].Inputs, matrices[0].Outputs);
        using var x = new ActivationRows(rows, inputs, precision, path);
        var random = new Random(2);
        for (var i = 0; i < rows * inputs; i++)
        {
            x.Row(0)[i] = random.NextSingle() - 0.5f;
        }

        x.Prepare(0, rows);
        var y = (float*)NativeMemory.AlignedAlloc((nuint)rows * (nuint)outputs * sizeof(float), 64);
        try
        {
            NativeMemory.Clear(y, (nuint)rows * (nuint)outputs * sizeof(float));
            var next = 0;
            var warm = matrices[0].Panels > 300 ? 300 : matrices[0].Panels;
            matrices[0].Multiply(x, 0, rows, 0, warm, y, outputs);
            var best = double.PositiveInfinity;
            TimeSpan spent, start = Environment.CpuUsage.TotalTime;
            do
            {
                // A sample is some milliseconds, so that the clock's steps do not count.
                var (products, before) = (0, Environment.CpuUsage.TotalTime);
                do
                {
                    matrices[next].Multiply(x, 0, rows, 0, matrices[next].Panels, y, outputs);
                    next = (next + 1) % matrices.Length;
                    products++;
                    spent = Environment.CpuUsage.TotalTime - before;
                }
                while (spent.TotalMilliseconds < 4);
                best = Math.Min(best, spent.TotalSeconds / products);
                spent = Environment.CpuUsage.TotalTime - start;
            }
            while (spent.TotalSeconds < seconds);
            return 2e-9 * rows * inputs * outputs / best;
        }
        finally
        {
            NativeMemory.AlignedFree(y);
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
