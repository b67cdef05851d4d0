using System.Globalization;
using O1Coder.Models;
using O1Coder.Models.Verification;

namespace O1Coder.Inference.Verification;

/// <summary>
/// A file of texts of one model, computed in float32 on its dequantised weights: <c>cases</c> of <c>text</c> → <c>ids</c> →
/// <c>token_logprobs</c> [tokens − 1] and <c>top5</c> of [id, log-probability] after the last token; <c>greedy</c> of
/// <c>ids</c> → <c>continuation</c> with its <c>logprobs</c> and <c>margins</c>, by which the reference preferred each token to
/// the next best. The exact accuracy keeps every number within <c>tolerance.float32</c>; of the fast one a bound on the mean is
/// asked, for single tokens move more.
/// </summary>
internal sealed class PromptCase
{
    // By how much 8-bit activations may move two tokens against each other.
    private const double FastMargin = 0.5;

    private readonly LanguageModel _model;
    private readonly CancellationToken _cancellationToken;
    private readonly IReadOnlyList<CaseFields> _texts;
    private readonly IReadOnlyList<CaseFields> _greedy;
    private readonly double _mean;
    private readonly double _largest;
    private readonly Agreement _agreement = new();

    private PromptCase(CaseFields fields, LanguageModel model, CancellationToken cancellationToken)
    {
        (_model, _cancellationToken) = (model, cancellationToken);
        (_texts, _greedy) = (List("cases"), List("greedy"));
        var tolerance = new CaseFields(new CaseFields(fields.Object("tolerance")).Object("float32"));
        (_mean, _largest) = (tolerance.Number("mean_abs_logprob"), tolerance.Number("max_abs_logprob"));

        IReadOnlyList<CaseFields> List(string name) => fields.Has(name) ? fields.Objects(name) : [];
    }

    private bool HasNumbers => _texts.Count + _greedy.Count > 0;

    /// <summary>Runs a file on every variant.</summary>
    public static async Task<IReadOnlyList<CaseResult>> RunAsync(
        CaseFields fields, LanguageModel model, int threads, CancellationToken cancellationToken)
    {
        var prompts = new PromptCase(fields, model, cancellationToken);
        if (!prompts.HasNumbers)
        {
            return [];
        }

        var results = new List<CaseResult>(prompts._texts.Select((text, i) => new CaseResult("ids", $"case {i}",
            CaseComparison.Differences(model.Tokenizer.Encode(text.Text("text"), parseSpecial: true), text.Wholes("ids")))));
        var context = prompts.Context();
        foreach (var variant in EngineVariant.Runnable)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.AddRange(await CaseFailure.GuardAsync($"{variant.Backend} {variant.Path} {variant.Accuracy}", "model", async () =>
            {
                await using var measured = MeasuredModel.Load(variant, model.Parameters, threads, context, model.Tokenizer);
                return await prompts.RunAsync(variant, measured);
            }));
        }

        return [.. results, .. prompts._agreement.Compare()];
    }

    private async Task<IReadOnlyList<CaseResult>> RunAsync(EngineVariant variant, MeasuredModel measured)
    {
        var exact = variant.Precision == Precision.Exact;
        var results = new List<CaseResult>();
        var (scores, expected) = (new List<double>(), new List<double>());
        foreach (var (i, text) in _texts.Index())
        {
            var (ids, wanted) = (text.Wholes("ids"), text.Numbers("token_logprobs"));
            var came = await measured.ScoreAsync(ids, null, _cancellationToken);
            Keep("token_logprobs", i, came, wanted);
            if (text.Has("top5"))
            {
                var top = text.Rows("top5");
                var likeliest = await measured.ScoreNextAsync(ids, [.. top.Select(one => (int)one[0])], _cancellationToken);
                if (exact)
                {
                    results.Add(new CaseResult($"{measured.Name} top5", $"case {i}",
                        CaseComparison.Differences("top5", likeliest, [.. top.Select(one => one[1])], _largest)));
                }
            }
        }

        var (tokens, changed) = (0, 0);
        foreach (var (i, greedy) in _greedy.Index())
        {
            var (ids, continuation, margins) = (greedy.Wholes("ids"), greedy.Wholes("continuation"), greedy.Numbers("margins"));
            var (came, likeliest) = await measured.FollowAsync(ids, continuation, _cancellationToken);
            Keep("greedy logprobs", i, came, greedy.Numbers("logprobs"));
            tokens += continuation.Length;
            changed += likeliest.Zip(continuation).Count(pair => pair.First.Token != pair.Second);
            var decoded = await measured.ContinueAsync(ids, continuation.Length, _cancellationToken);
            results.Add(new CaseResult($"{measured.Name} greedy", $"case {i}", Greedy(continuation, margins, likeliest, decoded, exact ? _largest : FastMargin)));
        }

        _agreement.Add(variant, measured.Name, [.. scores]);
        var (mean, largest) = Agreement.Differences(scores, expected);
        var said = string.Create(CultureInfo.InvariantCulture,
            $"|Δ log-probability| to float32: mean {mean:0.0e0}, largest {largest:0.0e0}, of {scores.Count} tokens; greedy tokens changed: {changed} of {tokens}");
        var bound = Agreement.Mean(variant.Precision);
        results.Add(new CaseResult($"{measured.Name} accuracy", "all tokens",
            mean <= bound ? null : string.Create(CultureInfo.InvariantCulture, $"mean is {mean:0.0e0}, expected at most {bound:0.0e0}"))
        {
            Measured = said,
        });
        return results;

        void Keep(string name, int i, double[] came, double[] wanted)
        {
            var (mean, largest) = Agreement.Differences(came, wanted);
            scores.AddRange(came);
            expected.AddRange(wanted);
            if (exact)
            {
                results.Add(new CaseResult($"{measured.Name} {name}", $"case {i}",
                    CaseComparison.Differences(name, came, wanted, _largest)
                    ?? (mean <= _mean ? null : string.Create(CultureInfo.InvariantCulture, $"mean |Δ| is {mean:0.0e0}, expected at most {_mean:R}"))));
            }
        }
    }

    // Only where the reference itself hardly prefers its token may another come; behind that nothing can be compared.
    private static string? Greedy(int[] continuation, double[] margins, TokenLogProbability[] likeliest, int[] decoded, double margin)
    {
        if (margins.Length != continuation.Length)
        {
            throw new FormatException($"margins has {margins.Length} numbers: expected {continuation.Length}, as the continuation has");
        }

        for (var i = 0; i < continuation.Length; i++)
        {
            if (likeliest[i].Token != continuation[i] && !(margins[i] <= margin))
            {
                return Wrong("token", i, likeliest[i].Token);
            }
        }

        var same = decoded.Zip(continuation).TakeWhile(pair => pair.First == pair.Second).Count();
        return same == continuation.Length || (same < decoded.Length && margins[same] <= margin) ? null
            : Wrong("decoded token", same, same < decoded.Length ? decoded[same] : -1);

        string Wrong(string what, int i, int token) => string.Create(CultureInfo.InvariantCulture,
            $"{what} {i} is {token}, expected {continuation[i]}, which leads by {margins[i]:R}: another is allowed within {margin:R}");
    }

    private int Context()
    {
        var longest = _texts.Select(text => text.Wholes("ids").Length)
            .Concat(_greedy.Select(greedy => greedy.Wholes("ids").Length + greedy.Wholes("continuation").Length)).Max();
        return longest + 2 <= _model.Description.ContextLength
            ? longest + 2
            : throw new FormatException($"a case has {longest} tokens: expected at most {_model.Description.ContextLength - 2}, the context less 2");
    }
}
