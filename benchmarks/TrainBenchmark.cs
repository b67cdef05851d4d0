using System.CommandLine;
using System.Globalization;
using O1Coder.Learning.Data;
using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// A LoRA step (rank 16 on all seven projections, 4 rows of 256 tokens, loss over the last 128) of ours and of a plain
/// PyTorch eager float32 loop, in turns on the same cores, each in a process of its own.
/// </summary>
internal static class TrainBenchmark
{
    private const int Rows = 4;
    private const int Length = 256;
    private const int Scored = 128;
    private const int Rank = 16;

    public static Command Command()
    {
        var model = new Option<string>("--model") { Description = "Folder of the model.", DefaultValueFactory = _ => EngineBenchmark.DefaultModel() };
        var threads = new Option<int>("--threads") { Description = "Threads that compute.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var precision = new Option<BasePrecision>("--precision") { Description = "BFloat16 or Float32.", DefaultValueFactory = _ => BasePrecision.BFloat16 };
        var rounds = new Option<int>("--rounds") { Description = "Steps of each; the medians are printed.", DefaultValueFactory = _ => 5 };
        var python = new Option<string>("--python") { Description = "The Python that has torch.", DefaultValueFactory = _ => "/usr/bin/python3" };
        var worker = new Option<bool>("--worker") { Description = "Train a step for each line on standard input.", Hidden = true };
        var command = new Command("train", "Ours against plain PyTorch: tokens a second and memory of a LoRA step.") { model, threads, precision, rounds, python, worker };
        command.SetAction(parsed =>
        {
            var (folder, count, kind) = (parsed.GetValue(model)!, parsed.GetValue(threads), parsed.GetValue(precision));
            if (parsed.GetValue(worker))
            {
                Work(folder, count, kind);
            }
            else
            {
                Compare(folder, count, kind, parsed.GetValue(rounds), parsed.GetValue(python)!);
            }
        });
        return command;
    }

    private static void Compare(string folder, int threads, BasePrecision precision, int rounds, string python)
    {
        string[] ours = ["train", "--worker", "--model", folder, "--threads", $"{threads}", "--precision", $"{precision}"];
        string shape;
        using (var model = BaseModel.Open(folder, CancellationToken.None))
        {
            shape = Shape(model.Weights.Description, threads);
        }

        Print($"{Rows} x {Length} tokens, loss over {Scored} a row, rank {Rank} on all seven projections, {threads} threads, {precision} base");
        Print($"load average before: {File.ReadAllText("/proc/loadavg").Trim()}");
        var script = Path.Combine(AppContext.BaseDirectory, "train_peer.py");
        if (!TrainWorker.Answers(python, "import torch"))
        {
            Print($"{python} has no torch: apt-get install python3-torch libopenblas0-pthread brings it; ours alone:");
            using var alone = TrainWorker.StartSelf(ours, threads);
            alone.Step();
            List<StepCost> steps = [.. Enumerable.Range(0, rounds).Select(_ => alone.Step())];
            Row("ours", steps, alone);
            return;
        }

        // OpenBLAS takes processors that are newer than itself for old ones; the second run names the family for it.
        foreach (var (name, core) in new[] { ("as installed", ""), ("with OPENBLAS_CORETYPE=SkylakeX", "SkylakeX") })
        {
            if (core.Length > 0 && !System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
            {
                continue;
            }

            using var mine = TrainWorker.StartSelf(ours, threads);
            using var peer = TrainWorker.StartPython(python, script, shape, threads, core);
            var (own, theirs) = (new List<StepCost>(), new List<StepCost>());
            mine.Step();
            peer.Step();
            for (var round = 0; round < rounds; round++)
            {
                own.Add(mine.Step());
                theirs.Add(peer.Step());
            }

            Print($"\nPyTorch {name}: {peer.Greeting}");
            var (ownSeconds, ownProcessor) = Row("ours", own, mine);
            var (peerSeconds, peerProcessor) = Row("PyTorch", theirs, peer);
            Print($"ours / PyTorch: {peerSeconds / ownSeconds:f2} x tokens/s, {peerProcessor / ownProcessor:f2} x tokens a processor second, {mine.PeakBytes / (double)peer.PeakBytes:f2} x memory");
        }

        Print($"load average after: {File.ReadAllText("/proc/loadavg").Trim()}");
    }

    private static void Work(string folder, int threads, BasePrecision precision)
    {
        int vocabulary;
        using (var model = BaseModel.Open(folder, CancellationToken.None))
        {
            vocabulary = model.Weights.Description.VocabularySize;
        }

        var random = new Random(1);
        var units = Enumerable.Range(0, Rows).Select(i => new TrainingUnit($"{i}", [new TrainingRow(
            [.. Enumerable.Range(0, Length).Select(_ => random.Next(vocabulary))],
            [.. Enumerable.Range(Length - 1 - Scored, Scored)])], []));
        var output = Directory.CreateTempSubdirectory("o1coder-train-");
        var spec = new TrainingSpec
        {
            Method = TrainingMethod.Sft,
            DataPath = "random tokens",
            OutputFolder = Path.Combine(output.FullName, "adapter"),
            Lora = new() { Rank = Rank, Alpha = 2 * Rank },
            Optimizer = new() { Epochs = 1000, TokensPerBatch = Rows * Length },
            BasePrecision = precision,
            CheckpointEvery = 100_000,
        };
        using var stop = new CancellationTokenSource();
        void Next()
        {
            if (Console.ReadLine() is null)
            {
                stop.Cancel();
            }
        }

        try
        {
            new TrainingRun(spec, folder, threads, new TrainingSet([.. units], 0)).Run(
                told =>
                {
                    switch (told)
                    {
                        case TrainingActivity { Text: "training" }:
                            Console.WriteLine("ready");
                            Next();
                            break;
                        case TrainingStep step:
                            Console.WriteLine((step.Tokens / step.TokensPerSecond).ToString("r", CultureInfo.InvariantCulture));
                            Next();
                            break;
                    }
                },
                stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The comparison is over.
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static string Shape(ModelDescription model, int threads) => System.Text.Json.JsonSerializer.Serialize(new
    {
        layers = model.Layers,
        hidden = model.HiddenSize,
        heads = model.Heads,
        kv_heads = model.KeyValueHeads,
        head_size = model.HeadSize,
        feed_forward = model.FeedForwardSize,
        vocabulary = model.VocabularySize,
        rank = Rank,
        rows = Rows,
        length = Length,
        scored = Scored,
        threads,
    });

    // Processor time hardly depends on what else the machine does, with one thread; with more, threads wait for each other.
    private static (double Seconds, double Processor) Row(string name, List<StepCost> steps, TrainWorker worker)
    {
        var seconds = Median([.. steps.Select(step => step.Seconds)]);
        var processor = Median([.. steps.Select(step => step.ProcessorSeconds)]);
        Print($"{name,-8} {seconds,7:f2} s a step, {processor,7:f2} of processor time {Rows * Length / seconds,8:f1} tokens/s {worker.PeakBytes / 1e9,6:f2} GB peak");
        return (seconds, processor);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values.Count % 2 == 1 ? values[values.Count / 2] : (values[(values.Count / 2) - 1] + values[values.Count / 2]) / 2;
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
