namespace O1Coder.Inference.Tests;

/// <summary>Everything that a request gave, sequence by sequence.</summary>
internal sealed class Answers
{
    public required PromptAccepted Accepted { get; init; }

    public required IReadOnlyList<SequenceFinished> Finished { get; init; }

    public required IReadOnlyList<SequenceChunk> Chunks { get; init; }

    public required GenerationUsage Usage { get; init; }

    /// <summary>Tokens and log-probabilities in a form that compares to the bit.</summary>
    public IReadOnlyList<string> Exact =>
        [.. Finished.Select(end => string.Join(
            " ",
            Chunks.Where(chunk => chunk.Sequence == end.Sequence).SelectMany(chunk => chunk.Tokens.Select((token, i) =>
                $"{token}:{BitConverter.SingleToInt32Bits(chunk.ModelLogProbabilities[i]):x}:{BitConverter.SingleToInt32Bits(chunk.SamplingLogProbabilities[i]):x}"))))];

    /// <summary>Runs a request to its end and checks the order of its events.</summary>
    public static async Task<Answers> Of(IInferenceEngine engine, GenerationRequest request, CancellationToken cancellationToken)
    {
        request = request with { Sampling = request.Sampling with { SamplingLogProbabilities = true } };
        var events = new List<GenerationEvent>();
        await foreach (var happened in engine.GenerateAsync(request, cancellationToken))
        {
            events.Add(happened);
        }

        var answers = new Answers
        {
            Accepted = Assert.IsType<PromptAccepted>(events[0]),
            Usage = Assert.IsType<GenerationUsage>(events[^1]),
            Chunks = [.. events.OfType<SequenceChunk>()],
            Finished = [.. events.OfType<SequenceFinished>().OrderBy(end => end.Sequence)],
        };
        Assert.Equal(events.Count, answers.Chunks.Count + answers.Finished.Count + 2);
        Assert.Equal(Enumerable.Range(0, request.Sequences), answers.Finished.Select(end => end.Sequence));
        foreach (var end in answers.Finished)
        {
            var own = answers.Chunks.Where(chunk => chunk.Sequence == end.Sequence).ToArray();
            Assert.Equal(end.Tokens, own.SelectMany(chunk => chunk.Tokens));
            Assert.Equal(end.Text, string.Concat(own.Select(chunk => chunk.Text)));
            Assert.True(own.Length == 0 || events.IndexOf(own[^1]) < events.IndexOf(end));
        }

        Assert.Equal(answers.Finished.Sum(end => end.Tokens.Count), answers.Usage.GeneratedTokens);
        Assert.Equal(request.Prompt.Length, answers.Usage.PromptTokens);
        return answers;
    }
}
