using System.Text.Json;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Policy.OpenAi;

/// <summary>Chat completions.</summary>
/// <param name="header">What each event begins with.</param>
/// <param name="sequences">How many answers there are.</param>
/// <param name="tokenizer">The model's.</param>
/// <param name="logProbabilities">Whether they are told.</param>
internal sealed class ChatFormat(AnswerHeader header, int sequences, ITokenizer tokenizer, bool logProbabilities) : IAnswerFormat
{
    private const string Assistant = "assistant";

    /// <inheritdoc />
    public IEnumerable<byte[]> Stream(GenerationEvent happened)
    {
        switch (happened)
        {
            case PromptAccepted:
                for (var i = 0; i < sequences; i++)
                {
                    yield return Write(new ChatChunkChoice(i, new ChatAnswer(Assistant, ""), null, null), null);
                }

                break;
            case SequenceChunk chunk:
                yield return Write(new ChatChunkChoice(
                    chunk.Sequence,
                    new ChatAnswer(null, chunk.Text),
                    Tell(chunk.Tokens, chunk.ModelLogProbabilities, chunk.TopLogProbabilities),
                    null), null);
                break;
            case SequenceFinished finished:
                yield return Write(new ChatChunkChoice(
                    finished.Sequence, new ChatAnswer(null, null), null, FinishReasons.From(finished.Reason)), null);
                break;
            case GenerationUsage usage when header.IncludeUsage:
                yield return Write(null, Usages.From(usage));
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
        var choices = happened.OfType<SequenceFinished>().OrderBy(finished => finished.Sequence).Select(finished => new ChatChoice(
            finished.Sequence,
            new ChatAnswer(Assistant, finished.Text),
            Tell(
                [.. chunks[finished.Sequence].SelectMany(chunk => chunk.Tokens)],
                [.. chunks[finished.Sequence].SelectMany(chunk => chunk.ModelLogProbabilities)],
                [.. chunks[finished.Sequence].SelectMany(chunk => chunk.TopLogProbabilities)]),
            FinishReasons.From(finished.Reason)));
        return JsonSerializer.SerializeToUtf8Bytes(
            new ChatCompletion(
                header.Id, "chat.completion", header.Created, header.Model, [.. choices], usage is null ? null : Usages.From(usage)),
            OpenAiJson.Default.ChatCompletion);
    }

    private ChatLogProbabilities? Tell(
        IReadOnlyList<int> tokens,
        IReadOnlyList<float> values,
        IReadOnlyList<IReadOnlyList<O1Coder.Inference.TokenLogProbability>> likeliest) =>
        logProbabilities ? new TokenTexts(tokenizer).OfChat(tokens, values, likeliest) : null;

    private byte[] Write(ChatChunkChoice? choice, Usage? usage) => JsonSerializer.SerializeToUtf8Bytes(
        new ChatCompletionChunk(
            header.Id, "chat.completion.chunk", header.Created, header.Model, choice is null ? [] : [choice], usage),
        OpenAiJson.Default.ChatCompletionChunk);
}
