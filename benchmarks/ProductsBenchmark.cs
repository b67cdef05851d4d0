using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using O1Coder.Inference;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// The matrix products of the CPU back end in operations a second, two for a multiply-add. On one thread by CPU time of the
/// process, which does nothing else; the best of many samples of some milliseconds, because other work on the machine can only
/// slow one down. On several threads, each with its part of the outputs, by the clock. Weights come from memory: several
/// matrices in turn, together larger than caches; beside them stands the rate at which the same threads can read memory at all.
/// </summary>
internal static unsafe class ProductsBenchmark
{
    private static readonly int[] s_rows = [.. Enumerable.Range(1, 16), 32, 64, 256];

    // Of the embedded model: query, key and value; attention's output; gate and up; down; head.
    private static readonly (int Inputs, int Outputs)[] s_shapes = [(896, 1152), (896, 896), (896, 9728), (4864, 896), (896, 151936)];
    private static readonly GgufTensorType[] s_types =
        [GgufTensorType.Q4_0, GgufTensorType.Q4_1, GgufTensorType.Q8_0, GgufTensorType.BF16, GgufTensorType.F16, GgufTensorType.F32];

    public static Command Command()
    {
        var rows = new Option<int[]>("--rows") { Description = "Rows of activations.", DefaultValueFactory = _ => s_rows, AllowMultipleArgumentsPerToken = true };
        var formats = new Option<GgufTensorType[]>("--formats") { Description = "Stored types.", DefaultValueFactory = _ => s_types, AllowMultipleArgumentsPerToken = true };
        var paths = new Option<KernelPath[]>("--paths") { Description = "Instruction sets.", DefaultValueFactory = _ => [.. KernelPaths.Runnable.Reverse()], AllowMultipleArgumentsPerToken = true };
        var precisions = new Option<Precision[]>("--precisions") { Description = "Fast, Exact.", DefaultValueFactory = _ => [Precision.Fast, Precision.Exact], AllowMultipleArgumentsPerToken = true };
        var shapes = new Option<int[]>("--shapes") { Description = "Which shapes, from 0.", DefaultValueFactory = _ => [0, 1, 2, 3, 4], AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<double>("--seconds") { Description = "Seconds a number.", DefaultValueFactory = _ => 0.3 };
        var resident = new Option<int>("--mebibytes") { Description = "Weights that take turns; 0 is one matrix over and over.", DefaultValueFactory = _ => 192 };
        var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => 1 };
        var command = new Command("products", "Giga-operations a second of the matrix products.") { rows, formats, paths, precisions, shapes, seconds, resident, threads };
        command.SetAction(parsed => Run(
            parsed.GetValue(rows)!,
            parsed.GetValue(formats)!,
            parsed.GetValue(paths)!,
            parsed.GetValue(precisions)!,
            [.. parsed.GetValue(shapes)!.Select(i => s_shapes[i])],
            parsed.GetValue(seconds),
            (long)parsed.GetValue(resident) << 20,
            parsed.GetValue(threads)));
        return command;
    }

    private static void Run(
        int[] rows, GgufTensorType[] types, KernelPath[] paths, Precision[] precisions, (int Inputs, int Outputs)[] shapes, double seconds, long resident, int threads)
    {
        Print($"Gop/s (2 per multiply-add), {threads} thread(s); runs here: {string.Join(", ", KernelPaths.Runnable)}");
        Print($"memory read: {ReadRate(threads, seconds):f1} GB/s");
        foreach (var (inputs, outputs) in shapes)
        {
            Print($"{inputs} inputs x {outputs} outputs; rows; GB/s of weights at {rows[0]}; the least of a rate by the one before (below 1, rows take longer together than apart):");
            Print($"{"",-24}{string.Concat(rows.Select(count => $"{count,5}"))}{"GB/s",7}{"least",7}");
            foreach (var type in types)
            {
                using var source = new RandomWeights(type, outputs, inputs);
                using var first = Pack(source);
                PackedWeights[] matrices = [first, .. Enumerable.Range(1, (int)(resident / first.Bytes)).Select(_ => Pack(source))];
                foreach (var path in paths)
                {
                    var all = precisions.Select(precision => rows.Select(count => Measure(matrices, count, precision, path, seconds, threads)).ToArray()).ToArray();
                    for (var i = 0; i < all.Length; i++)
                    {
                        var bandwidth = all[i][0] / (2.0 * rows[0] * inputs * outputs) * first.Bytes;
                        var least = all[i].Zip(all[i].Skip(1), (before, rate) => rate / before).DefaultIfEmpty(1).Min();
                        Print($"{$"{first.Format} {precisions[i]} {path}",-24}{string.Concat(all[i].Select(rate => $"{rate,5:f0}"))}{bandwidth,7:f1}{least,7:f2}");
                    }

                    if (precisions is [Precision.Fast, Precision.Exact])
                    {
                        Print($"{"Exact / Fast",-24}{string.Concat(all[1].Zip(all[0], (exact, fast) => $"{exact / fast,5:f2}"))}");
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

    private static double Measure(PackedWeights[] matrices, int rows, Precision precision, KernelPath path, double seconds, int threads)
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
            matrices[0].Multiply(x, 0, rows, 0, Math.Min(matrices[0].Panels, 100), y, outputs);
            var results = (nint)y;
            var panels = matrices[0].Panels;
            return 2e-9 * rows * inputs * outputs * Rate(threads, seconds, (thread, time) =>
            {
                var first = panels * thread / threads;
                matrices[time % matrices.Length].Multiply(x, 0, rows, first, (panels * (thread + 1) / threads) - first, (float*)results, outputs);
            });
        }
        finally
        {
            NativeMemory.AlignedFree(y);
        }
    }

    // Gigabytes a second of plain reading, from memory as weights have it.
    private static double ReadRate(int threads, double seconds)
    {
        const long Bytes = 256 << 20;
        var memory = PanelMemory.Allocate(Bytes);
        try
        {
            new Span<byte>(memory, (int)Bytes).Fill(1);
            var from = (nint)memory;
            var sums = new long[threads * 8];
            return 1e-9 * Bytes * Rate(threads, seconds, (thread, _) => sums[thread * 8] += Read((byte*)from + (Bytes / threads * thread), Bytes / threads));
        }
        finally
        {
            PanelMemory.Free(memory);
        }
    }

    private static long Read(byte* from, long bytes)
    {
        var (a, b, c, d) = (Vector512<long>.Zero, Vector512<long>.Zero, Vector512<long>.Zero, Vector512<long>.Zero);
        for (var end = from + bytes; from < end; from += 256)
        {
            PanelMemory.Ahead(from + PanelMemory.Distance, 256);
            a += Vector512.Load((long*)from);
            b += Vector512.Load((long*)(from + 64));
            c += Vector512.Load((long*)(from + 128));
            d += Vector512.Load((long*)(from + 192));
        }

        return Vector512.Sum(a + b + c + d);
    }

    // How often a second all threads together get something done of which each does its part.
    private static double Rate(int threads, double seconds, Action<int, int> part)
    {
        if (threads == 1)
        {
            return BestRate(seconds, part);
        }

        var counts = new int[threads];
        using var together = new Barrier(threads);
        var all = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            together.SignalAndWait();
            for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds; counts[thread]++)
            {
                part(thread, counts[thread]);
            }
        })).ToArray();
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        return counts.Sum() / (seconds * threads);
    }

    private static double BestRate(double seconds, Action<int, int> part)
    {
        var (best, time) = (0.0, 0);
        TimeSpan spent, start = Environment.CpuUsage.TotalTime;
        do
        {
            // A sample is some milliseconds, so that the clock's steps do not count.
            var (times, before) = (0, Environment.CpuUsage.TotalTime);
            do
            {
                part(0, time++);
                times++;
                spent = Environment.CpuUsage.TotalTime - before;
            }
            while (spent.TotalMilliseconds < 4);
            best = Math.Max(best, times / spent.TotalSeconds);
            spent = Environment.CpuUsage.TotalTime - start;
        }
        while (spent.TotalSeconds < seconds);
        return best;
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
