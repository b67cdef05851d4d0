using Google.Protobuf;

namespace O1Coder.Coordinator;

/// <summary>The answer to one request for tokens.</summary>
/// <param name="PromptTokens">All tokens of the prompt.</param>
/// <param name="Continuations">The sequences, in their order.</param>
internal sealed record Generation(IReadOnlyList<int> PromptTokens, IReadOnlyList<Continuation> Continuations)
{
    /// <summary>The answer as bytes: the events `accepted`, `finished` and one `chunk` a
    /// sequence of policy.proto, each after its length; the chunk holds the sum of the log-probabilities alone.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        var prompt = new V1.TokenSequence();
        prompt.Ids.AddRange(PromptTokens);
        new V1.GenerateResponse { Accepted = new V1.PromptAccepted { Prompt = prompt } }.WriteDelimitedTo(stream);
        foreach (var (continuation, i) in Continuations.Select((continuation, i) => (continuation, i)))
        {
            new V1.GenerateResponse
            {
                Chunk = new V1.SequenceChunk { Sequence = i, ModelLogProbabilities = { (float)continuation.LogProbability } },
            }.WriteDelimitedTo(stream);
            var tokens = new V1.TokenSequence();
            tokens.Ids.AddRange(continuation.Tokens);
            new V1.GenerateResponse
            {
                Finished = new V1.SequenceFinished
                {
                    Sequence = i,
                    Reason = continuation.Reason,
                    Stop = continuation.Stop,
                    Text = continuation.Text,
                    Tokens = tokens,
                },
            }.WriteDelimitedTo(stream);
        }

        return stream.ToArray();
    }

    /// <summary>The answer that <see cref="ToBytes"/> wrote, or null when it does not hold so many sequences.</summary>
    public static Generation? FromBytes(byte[] bytes, int sequences)
    {
        var events = new List<V1.GenerateResponse>();
        try
        {
            using var stream = new MemoryStream(bytes);
            while (stream.Position < stream.Length)
            {
                events.Add(V1.GenerateResponse.Parser.ParseDelimitedFrom(stream));
            }
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }

        return Collect(events, sequences);
    }

    /// <summary>The answer that a stream of events came to, or null when an event is missing.</summary>
    public static Generation? Collect(IReadOnlyList<V1.GenerateResponse> events, int sequences)
    {
        var accepted = events.FirstOrDefault(one => one.Accepted is not null)?.Accepted;
        var sums = new double[sequences];
        foreach (var chunk in events.Select(one => one.Chunk).OfType<V1.SequenceChunk>().Where(one => one.Sequence >= 0 && one.Sequence < sequences))
        {
            sums[chunk.Sequence] += chunk.ModelLogProbabilities.Sum(one => (double)one);
        }

        var finished = events.Where(one => one.Finished is not null).Select(one => one.Finished).OrderBy(one => one.Sequence).ToList();
        return accepted?.Prompt is null || !finished.Select(one => one.Sequence).SequenceEqual(Enumerable.Range(0, sequences))
            ? null
            : new Generation(
                accepted.Prompt.Ids,
                [.. finished.Select(one => new Continuation(one.Text, one.Tokens?.Ids ?? [], one.Reason, one.Stop, (float)sums[one.Sequence]))]);
    }
}
