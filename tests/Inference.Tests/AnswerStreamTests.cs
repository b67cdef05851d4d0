using O1Coder.Inference.Scheduling;

namespace O1Coder.Inference.Tests;

public sealed class AnswerStreamTests
{
    [Fact]
    public void What_has_gathered_is_one_chunk_a_sequence_in_front_of_its_end()
    {
        var stream = new AnswerStream(1, 4, likeliest: 0, tellsSampling: true);
        stream.Write(new PromptAccepted(3));
        Write(stream, 0, 5, "a");
        Write(stream, 1, 6, "");
        Write(stream, 0, 7, "bc");
        Write(stream, 1, AnswerEntry.NoToken, "rest");
        stream.Write(new SequenceFinished(1, FinishReason.EndOfTurn, null, "rest", [6]));
        Write(stream, 0, 8, "d");
        stream.Complete();

        var events = new List<GenerationEvent>();
        Assert.True(stream.Take(events));
        Assert.IsType<PromptAccepted>(events[0]);
        Chunk(events[1], 0, [5, 7, 8], "abcd");
        Chunk(events[2], 1, [6], "rest");
        Assert.IsType<SequenceFinished>(events[3]);
        Assert.Equal(4, events.Count);
        Assert.False(stream.Take(events));
        Assert.True(stream.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task The_reader_wakes_for_enough_tokens_for_an_event_and_for_the_end()
    {
        var stream = new AnswerStream(3, 4, likeliest: 0, tellsSampling: true);
        var events = new List<GenerationEvent>();
        var wait = stream.WaitAsync().AsTask();
        Write(stream, 0, 1, "a");
        Write(stream, 0, 2, "b");
        Assert.False(wait.IsCompleted);
        Write(stream, 0, 3, "c");
        await wait;
        Assert.True(stream.Take(events));
        Chunk(Assert.Single(events), 0, [1, 2, 3], "abc");

        wait = stream.WaitAsync().AsTask();
        Write(stream, 0, 4, "d");
        Assert.False(wait.IsCompleted);
        stream.Write(new SequenceFinished(0, FinishReason.MaxTokens, null, "abcd", [1, 2, 3, 4]));
        await wait;
        events.Clear();
        Assert.True(stream.Take(events));
        Assert.Equal(2, events.Count);

        wait = stream.WaitAsync().AsTask();
        stream.Complete(new InvalidDataException("broken"));
        stream.Complete();
        await wait;
        Assert.Throws<InvalidDataException>(() => stream.Take(events));
    }

    [Fact]
    public async Task Many_writes_reach_a_reader_that_reads_beside_them()
    {
        const int Count = 20_000;
        var stream = new AnswerStream(1, 4, likeliest: 0, tellsSampling: true);
        var writer = Task.Run(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                Write(stream, i % 3, i, $"{i % 10}");
            }

            stream.Complete();
        }, TestContext.Current.CancellationToken);

        var tokens = new List<int>[] { [], [], [] };
        var events = new List<GenerationEvent>();
        while (stream.Take(events))
        {
            foreach (var chunk in events.Cast<SequenceChunk>())
            {
                Assert.Equal(string.Concat(chunk.Tokens.Select(token => token % 10)), chunk.Text);
                tokens[chunk.Sequence].AddRange(chunk.Tokens);
            }

            events.Clear();
            await stream.WaitAsync();
        }

        await writer;
        Assert.All(tokens.Index(), pair => Assert.Equal(Enumerable.Range(0, Count).Where(i => i % 3 == pair.Index), pair.Item));
    }

    private static void Write(AnswerStream stream, int sequence, int token, string text) =>
        stream.Write(new AnswerEntry { Sequence = sequence, Token = token, Model = -token, Sampling = -2 * token }, text);

    private static void Chunk(GenerationEvent happened, int sequence, int[] tokens, string text)
    {
        var chunk = Assert.IsType<SequenceChunk>(happened);
        Assert.Equal((sequence, text), (chunk.Sequence, chunk.Text));
        Assert.Equal(tokens, chunk.Tokens);
        Assert.Equal(tokens.Select(token => -(float)token), chunk.ModelLogProbabilities);
        Assert.Equal(tokens.Select(token => -2f * token), chunk.SamplingLogProbabilities);
    }
}
