using O1Coder.Inference;
using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;
using O1Coder.Models;
using O1Coder.Problems.Training;

namespace O1Coder.Golden.Tests;

/// <summary>
/// An adapter that was trained here has the same log-probabilities in the trainer, on libtorch, as in the engine that
/// serves it, on ONNX Runtime, both on the embedded model.
/// </summary>
public sealed class TrainerAgreementTests(EngineFixture engines) : IDisposable
{
    // Threads of a busy machine wait for each other at every product.
    private const int Threads = 1;

    private static readonly string[] s_sequences =
    [
        "def add(a, b):\n    return a + b", "for i in range(10):", "x = [1, 2, 3]", "import math", "print(sum(values))",
        "return max(a, b)", "while n > 0:\n    n -= 1", "s = s.strip().lower()", "if not text:\n    return 0", "class Node:\n    pass",
        "The capital of France is Paris.", "words = line.split()", "d = {}\nd[key] = 1", "lambda x: x * x", "assert f(2) == 4",
        "n = int(input())", "result.append(item)", "sorted(set(names))", "from collections import Counter", "return s == s[::-1]",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-agreement-").FullName;

    [Fact]
    public async Task A_trained_adapter_has_the_trainers_log_probabilities_when_it_is_served()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Train(cancellation);
        var rows = s_sequences.Select(text => engines.Tokenizer.Encode(text, parseSpecial: false)).ToList();
        Assert.Equal(20, rows.Count);
        var wide = Score(folder, BasePrecision.Float32, rows, cancellation);
        var narrow = Score(folder, BasePrecision.BFloat16, rows, cancellation);
        var adapter = PeftFolder.Read(folder, engines.Description);
        var exact = await ServeAsync(Precision.Exact, adapter, rows, cancellation);
        var fast = await ServeAsync(Precision.Fast, adapter, rows, cancellation);
        var plain = await ServeAsync(Precision.Exact, null, rows, cancellation);

        TestContext.Current.SendDiagnosticMessage(
            $"mean |Δ| over {wide.Length} tokens of {rows.Count} sequences, trainer against Policy: "
            + $"float32 and exact {Mean(wide, exact):e1}, float32 and fast {Mean(wide, fast):e1}, "
            + $"bfloat16 and exact {Mean(narrow, exact):e1}, bfloat16 and fast {Mean(narrow, fast):e1}; by the adapter {Mean(exact, plain):e1}");
        Assert.InRange(Mean(wide, exact), 0, 1e-3);
        Assert.InRange(Mean(narrow, exact), 0, 0.1);
        Assert.InRange(Mean(wide, fast), 0, 0.1);
        Assert.InRange(Mean(narrow, fast), 0, 0.1);

        // Agreement says something only of an adapter that does something.
        Assert.InRange(Mean(exact, plain), 0.01, 10);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static double Mean(float[] left, float[] right)
    {
        Assert.Equal(left.Length, right.Length);
        return left.Zip(right, (a, b) => Math.Abs((double)a - b)).Average();
    }

    private static float[] Score(string adapter, BasePrecision precision, List<int[]> rows, CancellationToken cancellation)
    {
        using var scoring = SequenceScoring.Open(Repository.EmbeddedModel, adapter, precision, Threads, cancellation);
        return [.. rows.SelectMany(row => scoring.LogProbabilities(row, cancellation))];
    }

    private string Train(CancellationToken cancellation)
    {
        var data = Path.Combine(_folder, "data.jsonl");
        TrainingFile.Write(data,
        [
            new CompletionExample(new Prompt { Text = "def twice(x):\n" }, "    return 2 * x"),
            new CompletionExample(new Prompt { Text = "def last(items):\n" }, "    return items[-1]"),
        ]);
        var spec = new TrainingSpec
        {
            Method = TrainingMethod.Sft,
            DataPath = data,
            OutputFolder = Path.Combine(_folder, "adapter"),
            Optimizer = new OptimizerSpec { LearningRate = 6e-3, Epochs = 1, TokensPerBatch = 64, Seed = 5 },
        };
        return new TrainingRun(spec, Repository.EmbeddedModel, Threads).Run(_ => { }, cancellation).AdapterFolder;
    }

    private async Task<float[]> ServeAsync(Precision precision, LoraAdapter? adapter, List<int[]> rows, CancellationToken cancellation)
    {
        var engine = engines[precision];
        var version = adapter is null ? null : (await engine.AddAdapterAsync(adapter, null, cancellation)).Version;
        var scores = new List<float>();
        foreach (var row in rows)
        {
            scores.AddRange(await engine.ScoreAsync(row.AsMemory(0, 1), row.AsMemory(1), version, default, cancellation));
        }

        if (version is not null)
        {
            engine.RemoveAdapter(version);
        }

        return [.. scores];
    }
}
