using System.Runtime.InteropServices;
using System.Text.Json;
using O1Coder.Learning.Native;
using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;
using O1Coder.Models;
using O1Coder.Models.Verification;
using static TorchSharp.torch;

namespace O1Coder.Learning.Verification;

/// <summary>
/// Runs a Hugging Face folder against the numbers in its expected.json, in float32: <c>input_ids</c> [rows][tokens] →
/// <c>last_logits</c> [rows][vocabulary], <c>token_logprobs</c> [rows][tokens − 1] and, with the PEFT adapter in <c>adapter/</c>,
/// <c>adapter_token_logprobs</c>; <c>greedy</c> (prompt → continuation); and <c>lora_sft_trace</c>, losses and gradient norms of
/// training that adapter. Parts that are absent are not checked.
/// </summary>
public static class ModelVerification
{
    /// <summary>Runs everything that the folder expects.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Threads that compute, at least 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One result a row, continuation or step; one failure alone where the folder cannot be read.</returns>
    /// <exception cref="NativeTorchException">libtorch cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<CaseResult> Run(string folder, int threads, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        NativeTorch.Load();
        set_num_threads(threads);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, ModelCaseFolder.FileName)));
            using var weights = HuggingFaceFolder.Open(folder);
            var results = new ModelCases(folder, weights, document.RootElement, cancellationToken).Run();
            return results.Count > 0 ? results : [new CaseResult("model", ModelCaseFolder.FileName, "expects nothing that is known")];
        }
        catch (Exception exception) when (exception is JsonException or ModelFormatException or IOException or UnauthorizedAccessException)
        {
            return [new CaseResult("model", ModelCaseFolder.FileName, exception.Message.ReplaceLineEndings(" "))];
        }
    }

    /// <summary>The parts of one folder's expectations.</summary>
    private sealed class ModelCases(string folder, HuggingFaceFolder weights, JsonElement expected, CancellationToken cancellationToken)
    {
        private readonly CaseFields _fields = new(expected);

        public List<CaseResult> Run()
        {
            var results = new List<CaseResult>();
            Add("last_logits", LastLogits);
            Add("token_logprobs", () => LogProbabilities("token_logprobs", null));
            Add("adapter_token_logprobs", () => LogProbabilities("adapter_token_logprobs", Adapter()));
            Add("greedy", Greedy);
            Add("lora_sft_trace", Trace);
            return results;

            void Add(string name, Func<IEnumerable<CaseResult>> part)
            {
                if (expected.ValueKind != JsonValueKind.Object || !expected.TryGetProperty(name, out _))
                {
                    return;
                }

                try
                {
                    results.AddRange(part());
                }
                catch (Exception exception) when (exception is FormatException or ModelFormatException or ExternalException or ArgumentException)
                {
                    results.Add(new CaseResult(name, folder, exception.Message.ReplaceLineEndings(" ")));
                }
            }
        }

        private LoraAdapter Adapter() => PeftFolder.Read(Path.Combine(folder, ModelCaseFolder.AdapterFolder), weights.Description);

        private LoraTransformer Load(LoraAdapter? adapter, bool trainable = false) =>
            new(weights, adapter, trainable, ProductPrecision.Choose(BasePrecision.Float32), cancellationToken: cancellationToken);

        private int[][] Rows()
        {
            var rows = _fields.WholeRows("input_ids");
            RequireTokens("input_ids", rows);
            return rows;
        }

        private void RequireTokens(string name, params int[][] rows)
        {
            var size = weights.Description.VocabularySize;
            if (rows.Length == 0 || rows.Any(row => row.Length == 0 || row.Any(id => id < 0 || id >= size)))
            {
                throw new FormatException($"{name} holds an empty row or a token that is none of the {size}");
            }
        }

        private double Tolerance(string name) => new CaseFields(_fields.Object("tolerance")).Number(name);

        private List<CaseResult> LastLogits()
        {
            var rows = Rows();
            using var model = Load(null);
            var logits = model.Logits(new PackedRows([.. rows.Select(row => (row, new[] { row.Length - 1 }))]), cancellationToken);
            var actual = Enumerable.Range(0, rows.Length)
                .Select(row => Enumerable.Range(0, logits.GetLength(1)).Select(token => (double)logits[row, token]).ToArray()).ToArray();
            return CompareRows("last_logits", actual, Tolerance("logits"));
        }

        private List<CaseResult> LogProbabilities(string name, LoraAdapter? adapter)
        {
            var rows = Rows();
            using var model = Load(adapter);
            var scores = model.Score(
                new PackedRows([.. rows.Select(row => (row, Enumerable.Range(0, row.Length - 1).ToArray()))]), ScoreKind.NextToken, cancellationToken);
            var (actual, start) = (new List<double[]>(), 0);
            foreach (var row in rows)
            {
                actual.Add([.. scores.AsSpan(start, row.Length - 1).ToArray().Select(score => (double)score)]);
                start += row.Length - 1;
            }

            return CompareRows(name, [.. actual], Tolerance("logprobs"));
        }

        private List<CaseResult> CompareRows(string name, double[][] actual, double tolerance)
        {
            var wanted = _fields.Rows(name);
            if (wanted.Length != actual.Length)
            {
                throw new FormatException($"{name} has {wanted.Length} rows, input_ids has {actual.Length}");
            }

            return [.. actual.Select((row, i) => new CaseResult(name, $"row {i}", CaseComparison.Differences(name, row, wanted[i], tolerance)))];
        }

        private List<CaseResult> Greedy()
        {
            var greedy = new CaseFields(_fields.Object("greedy"));
            var (prompt, continuation) = (greedy.Wholes("prompt"), greedy.Wholes("continuation"));
            RequireTokens("greedy", prompt, continuation);
            using var model = Load(null);
            var row = prompt.ToList();
            foreach (var token in continuation)
            {
                var logits = model.Logits(new PackedRows([([.. row], [row.Count - 1])]), cancellationToken);
                var best = Enumerable.Range(0, logits.GetLength(1)).MaxBy(other => logits[0, other]);

                // Two that are as near as the logits' tolerance may change places.
                if (!(logits[0, best] - logits[0, token] <= Tolerance("logits")))
                {
                    return
                    [
                        new CaseResult("greedy", "continuation",
                            $"token {row.Count - prompt.Length} is {best} with logit {logits[0, best]:R}, expected {token} with {logits[0, token]:R}"),
                    ];
                }

                row.Add(token);
            }

            return [new CaseResult("greedy", "continuation", null)];
        }

        private List<CaseResult> Trace()
        {
            var trace = new CaseFields(_fields.Object("lora_sft_trace"));
            if (trace.Text("start") != ModelCaseFolder.AdapterFolder || !trace.Text("loss").Contains("mean cross-entropy", StringComparison.Ordinal))
            {
                throw new FormatException($"lora_sft_trace starts from '{trace.Text("start")}' with loss '{trace.Text("loss")}': expected adapter and mean cross-entropy");
            }

            var how = TraceOptimizer.Parse(trace.Text("optimizer"));
            var (losses, norms) = (trace.Numbers("losses"), trace.Numbers("grad_norms_before_clip"));
            if (losses.Length == 0 || losses.Length != norms.Length)
            {
                throw new FormatException($"lora_sft_trace has {losses.Length} losses and {norms.Length} gradient norms: expected as many, at least 1");
            }

            var rows = TraceRows(trace.WholeRows("mask"));
            using var model = Load(Adapter(), trainable: true);
            using var optimizer = new AdamW(model.Lora!, how.WeightDecay, how.FirstBeta, how.SecondBeta, how.Epsilon);
            var results = new List<CaseResult>();
            for (var step = 0; step < losses.Length; step++)
            {
                var loss = 0.0;
                model.Lora!.Gradient.zero_().Dispose();
                model.Accumulate(rows, ScoreKind.NextToken, scores =>
                {
                    loss = -scores.Select(score => (double)score).Average();
                    return [.. Enumerable.Repeat(-1.0 / scores.Length, scores.Length)];
                }, null, recompute: false, cancellationToken);
                var norm = optimizer.GradientNorm();
                optimizer.Move(step + 1, how.LearningRate, norm, how.MaxGradientNorm);
                model.AdapterMoved();
                results.Add(new CaseResult("lora_sft_trace", $"step {step + 1}",
                    CaseComparison.Differences("loss and gradient norm", [loss, norm], [losses[step], norms[step]], trace.Number("tolerance"))));
            }

            return results;
        }

        private PackedRows TraceRows(int[][] masks)
        {
            var rows = Rows();
            if (masks.Length != rows.Length || masks.Where((mask, i) => mask.Length != rows[i].Length).Any())
            {
                throw new FormatException("lora_sft_trace.mask has another shape than input_ids");
            }

            // A token that counts is the target of the place before it.
            var packed = new PackedRows([.. rows.Select((row, i) =>
                (row, Enumerable.Range(0, row.Length - 1).Where(place => masks[i][place + 1] == 1).ToArray()))]);
            return packed.Places.Length > 0 ? packed : throw new FormatException("lora_sft_trace.mask counts no token");
        }
    }
}
