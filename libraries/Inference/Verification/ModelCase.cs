using System.Globalization;
using O1Coder.Models;
using O1Coder.Models.Verification;

namespace O1Coder.Inference.Verification;

/// <summary>
/// A Hugging Face folder with expected.json: <c>input_ids</c> [rows][tokens] → <c>last_logits</c> [rows][vocabulary],
/// <c>token_logprobs</c> [rows][tokens − 1] and, with the adapter beside, <c>adapter_token_logprobs</c>; <c>greedy</c>, prompt →
/// continuation. The weights are floats, which either accuracy multiplies as floats, so one tolerance, the file's, holds for
/// both. <c>lora_sft_trace</c> is of what trains: <c>learn verify</c> runs it.
/// </summary>
internal sealed class ModelCase
{
    private readonly CaseFields _fields;
    private readonly string _folder;
    private readonly HuggingFaceFolder _weights;
    private readonly CancellationToken _cancellationToken;
    private readonly List<CaseResult> _results = [];
    private readonly Agreement _agreement = new();

    private ModelCase(CaseFields fields, string folder, HuggingFaceFolder weights, CancellationToken cancellationToken) =>
        (_fields, _folder, _weights, _cancellationToken) = (fields, folder, weights, cancellationToken);

    /// <summary>Runs a folder on every variant.</summary>
    public static async Task<IReadOnlyList<CaseResult>> RunAsync(
        CaseFields fields, string folder, int threads, CancellationToken cancellationToken)
    {
        using var weights = HuggingFaceFolder.Open(folder);
        var model = new ModelCase(fields, folder, weights, cancellationToken);
        foreach (var variant in EngineVariant.Runnable)
        {
            cancellationToken.ThrowIfCancellationRequested();
            model._results.AddRange(await CaseFailure.GuardAsync($"{variant.Backend} {variant.Path} {variant.Accuracy}", "model", async () =>
            {
                await using var measured = MeasuredModel.Load(variant, weights, threads, model.Context());
                return await model.RunAsync(variant, measured);
            }));
        }

        return model._results.Count > 0 ? [.. model._results, .. model._agreement.Compare()] : [];
    }

    private async Task<IReadOnlyList<CaseResult>> RunAsync(EngineVariant variant, MeasuredModel measured)
    {
        var results = new List<CaseResult>();
        await PartAsync("last_logits", group => Task.FromResult<IReadOnlyList<CaseResult>>(Compare(
            group, "last_logits", [.. Rows().Select(measured.LastLogits).Select(row => row.Select(logit => (double)logit).ToArray())], Tolerance("logits"))));
        await PartAsync("token_logprobs", async group =>
        {
            var scores = await ScoreAsync(measured, null);
            _agreement.Add(variant, measured.Name, [.. scores.SelectMany(row => row)]);
            return Compare(group, "token_logprobs", scores, Tolerance("logprobs"));
        });
        await PartAsync("adapter_token_logprobs", async group =>
        {
            var adapter = PeftFolder.Read(Path.Combine(_folder, ModelCaseFolder.AdapterFolder), _weights.Description);
            var version = await measured.AddAsync(adapter, _cancellationToken);
            return Compare(group, "adapter_token_logprobs", await ScoreAsync(measured, version), Tolerance("logprobs"));
        });
        await PartAsync("greedy", async group => [new CaseResult(group, "continuation", await GreedyAsync(measured))]);
        return results;

        async Task PartAsync(string name, Func<string, Task<IReadOnlyList<CaseResult>>> part)
        {
            if (_fields.Has(name))
            {
                var group = $"{measured.Name} {name}";
                results.AddRange(await CaseFailure.GuardAsync(group, name, () => part(group)));
            }
        }
    }

    private async Task<double[][]> ScoreAsync(MeasuredModel measured, string? adapter)
    {
        var scores = new List<double[]>();
        foreach (var row in Rows())
        {
            scores.Add(await measured.ScoreAsync(row, adapter, _cancellationToken));
        }

        return [.. scores];
    }

    private async Task<string?> GreedyAsync(MeasuredModel measured)
    {
        var greedy = new CaseFields(_fields.Object("greedy"));
        var (prompt, continuation) = (greedy.Wholes("prompt"), greedy.Wholes("continuation"));
        var tolerance = Tolerance("logits");
        var (scores, likeliest) = await measured.FollowAsync(prompt, continuation, _cancellationToken);
        var decoded = await measured.ContinueAsync(prompt, continuation.Length, _cancellationToken);

        // Two tokens whose logits are as near as the tolerance may change places; behind that nothing can be compared.
        for (var i = 0; i < continuation.Length; i++)
        {
            var gap = likeliest[i].LogProbability - scores[i];
            if (!(gap <= tolerance))
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"token {i} is {likeliest[i].Token} with log-probability {likeliest[i].LogProbability:R}, expected {continuation[i]} with {scores[i]:R}");
            }

            if (i >= decoded.Length || decoded[i] != continuation[i])
            {
                return gap > 0 && i < decoded.Length && decoded[i] == likeliest[i].Token
                    ? null
                    : $"decoded token {i} is {(i < decoded.Length ? decoded[i] : "missing")}, expected {continuation[i]}";
            }
        }

        return null;
    }

    private List<CaseResult> Compare(string group, string name, double[][] actual, double tolerance)
    {
        var wanted = _fields.Rows(name);
        return wanted.Length == actual.Length
            ? [.. actual.Select((row, i) => new CaseResult(group, $"row {i}", CaseComparison.Differences(name, row, wanted[i], tolerance)))]
            : throw new FormatException($"{name} has {wanted.Length} rows, input_ids has {actual.Length}");
    }

    private int[][] Rows()
    {
        var (rows, size) = (_fields.WholeRows("input_ids"), _weights.Description.VocabularySize);
        return rows.Length > 0 && rows.All(row => row.Length > 1 && row.All(id => id >= 0 && id < size))
            ? rows
            : throw new FormatException($"input_ids has no row, one of fewer than 2 tokens, or a token that is none of the {size}");
    }

    private double Tolerance(string name) => new CaseFields(_fields.Object("tolerance")).Number(name);

    // As much as is asked: the models are small, their contexts may be long.
    private int Context()
    {
        var longest = _fields.Has("input_ids") ? _fields.WholeRows("input_ids").Select(row => row.Length).DefaultIfEmpty(0).Max() : 0;
        if (_fields.Has("greedy"))
        {
            var greedy = new CaseFields(_fields.Object("greedy"));
            longest = Math.Max(longest, greedy.Wholes("prompt").Length + greedy.Wholes("continuation").Length);
        }

        return longest + 2 <= _weights.Description.ContextLength
            ? longest + 2
            : throw new FormatException($"input_ids or greedy has {longest} tokens: expected at most {_weights.Description.ContextLength - 2}, the context less 2");
    }
}
