using System.Text.Json;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Policy.OpenAi;

/// <summary>Text completions.</summary>
/// <param name="header">What each event begins with.</param>
/// <param name="prompt">The prompt's tokens.</param>
/// <param name="tokenizer">The model's.</param>
/// <param name="logProbabilities">Whether they are told.</param>
/// <param name="samplingLogProbabilities">Whether those of the distributions that tokens were drawn from are told with them.</param>
/// <param name="tokenIds">Whether token ids are told.</param>
/// <param name="asIds">Whether log-probabilities name tokens by their ids.</param>
internal sealed class CompletionFormat(
    AnswerHeader header,
    ReadOnlyMemory<int> prompt,
    ITokenizer tokenizer,
    bool logProbabilities,
    bool samplingLogProbabilities,
    bool tokenIds,
    bool asIds) : IAnswerFormat
{
    private readonly Dictionary<int, TokenTexts> _texts = [];

    /// <inheritdoc />
    public IEnumerable<byte[]> Stream(GenerationEvent happened)
    {
        switch (happened)
        {
            case SequenceChunk chunk:
                yield return Write([Choice([chunk], null)], null);
                break;
            case SequenceFinished finished:
                yield return Write([Choice([], finished) with { Text = "", Logprobs = null, TokenIds = null, PromptTokenIds = null }], null);
                break;
            case GenerationUsage usage when header.IncludeUsage:
                yield return Write([], Usages.From(usage));
                break;
            default:
                break;
        }
    }

    /// <inheritdoc />
    public byte[] Whole(IReadOnlyList<GenerationEvent> happened)
    {
        var chunks = happened.OfType<SequenceChunk>().ToLookup(chunk => chunk.Sequence);
        var usage = happened.OfType<GenerationUsage>().LastOrDefault();
        return Write(
            [.. happened.OfType<SequenceFinished>().OrderBy(finished => finished.Sequence)
                .Select(finished => Choice([.. chunks[finished.Sequence]], finished))],
            usage is null ? null : Usages.From(usage));
    }

    /// <summary>The answer to a request that has its prompt scored.</summary>
    /// <param name="scores">One a token of the prompt but the first.</param>
    public byte[] Echo(IReadOnlyList<float> scores)
    {
        var tokens = prompt.ToArray();
        return Write(
            [new CompletionChoice
            {
                Text = tokenizer.Decode(tokens),
                Logprobs = logProbabilities ? new TokenTexts(tokenizer, asIds).OfText(tokens, [float.NaN, .. scores], null, []) : null,
                TokenIds = tokenIds ? [] : null,
                PromptTokenIds = tokenIds ? tokens : null,
                FinishReason = FinishReasons.Length,
            }],
            new Usage(tokens.Length, 0, tokens.Length));
    }

    private CompletionChoice Choice(IReadOnlyList<SequenceChunk> chunks, SequenceFinished? finished)
    {
        var index = finished?.Sequence ?? chunks[0].Sequence;
        var first = !_texts.TryGetValue(index, out var texts);
        if (texts is null)
        {
            _texts[index] = texts = new TokenTexts(tokenizer, asIds);
        }

        int[] tokens = [.. chunks.SelectMany(chunk => chunk.Tokens)];
        return new CompletionChoice
        {
            Index = index,
            Text = finished?.Text ?? string.Concat(chunks.Select(chunk => chunk.Text)),
            Logprobs = !logProbabilities ? null : texts.OfText(
                tokens,
                [.. chunks.SelectMany(chunk => chunk.ModelLogProbabilities)],
                samplingLogProbabilities ? [.. chunks.SelectMany(chunk => chunk.SamplingLogProbabilities)] : null,
                [.. chunks.SelectMany(chunk => chunk.TopLogProbabilities)]),
            TokenIds = tokenIds ? tokens : null,
            PromptTokenIds = tokenIds && first ? prompt.ToArray() : null,
            FinishReason = finished is null ? null : FinishReasons.From(finished.Reason),
            StopReason = finished?.Stop is { } stop ? JsonSerializer.SerializeToElement(stop, OpenAiJson.Default.String) : null,
        };
    }

    private byte[] Write(IReadOnlyList<CompletionChoice> choices, Usage? usage) => JsonSerializer.SerializeToUtf8Bytes(
        new Completion
        {
            Id = header.Id,
            Object = "text_completion",
            Created = header.Created,
            Model = header.Model,
            Choices = choices,
            Usage = usage,
        },
        OpenAiJson.Default.Completion);
}
