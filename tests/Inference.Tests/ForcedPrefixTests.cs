namespace O1Coder.Inference.Tests;

/// <summary>A prefix that every answer begins with, over a scripted back end.</summary>
public sealed class ForcedPrefixTests
{
    private static readonly int[] s_prompt = [1, 2, 3, 4];
    private static readonly int[] s_prefix = [7, 8, 9, 10, 11, 12, 13];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public async Task An_answer_goes_on_as_if_the_prefix_were_of_the_prompt(float temperature)
    {
        await using var engine = Engine();
        var sampling = new SamplingOptions { MaxTokens = 20, Temperature = temperature, Seed = 5 };
        var forced = await Answers.Of(engine, Request(sampling), Cancellation);
        var prompted = await Answers.Of(
            engine,
            new GenerationRequest
            {
                Prompt = (int[])[.. s_prompt, .. s_prefix],
                Sequences = 3,
                Sampling = sampling with { MaxTokens = 20 - s_prefix.Length },
            },
            Cancellation);
        var scores = await engine.ScoreAsync(s_prompt, s_prefix, null, default, Cancellation);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal([.. s_prefix, .. prompted.Finished[i].Tokens], forced.Finished[i].Tokens);
            Assert.Equal("hijklmn" + prompted.Finished[i].Text, forced.Finished[i].Text);
            Assert.Equal(FinishReason.MaxTokens, forced.Finished[i].Reason);
            var first = forced.Chunks.First(chunk => chunk.Sequence == i);
            Assert.Equal(s_prefix, first.Tokens);
            Assert.Equal("hijklmn", first.Text);
            Assert.Equal(scores, first.ModelLogProbabilities);
            Assert.All(first.SamplingLogProbabilities, value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public async Task It_is_computed_once_for_all_sequences_and_counted_as_answer()
    {
        var backend = new ScriptedBackend();
        await using var engine = Engine(backend);
        var answers = await Answers.Of(engine, Request(new SamplingOptions { MaxTokens = 9 }), Cancellation);

        Assert.Equal(s_prompt.Length + s_prefix.Length, backend.Chunks.Sum());
        Assert.Equal((s_prompt.Length, 27), (answers.Usage.PromptTokens, answers.Usage.GeneratedTokens));
        Assert.All(backend.Batches, size => Assert.Equal(3, size));
        Assert.Single(backend.Batches);
    }

    [Fact]
    public async Task Its_positions_have_likeliest_tokens_too()
    {
        await using var engine = Engine();
        var answers = await Answers.Of(engine, Request(new SamplingOptions { MaxTokens = 10, TopLogProbabilities = 4 }), Cancellation);
        var path = s_prompt.ToList();
        foreach (var chunk in answers.Chunks.Where(chunk => chunk.Sequence == 1))
        {
            Assert.Equal(chunk.Tokens.Count, chunk.TopLogProbabilities.Count);
            foreach (var (token, likeliest) in chunk.Tokens.Zip(chunk.TopLogProbabilities))
            {
                var logits = ScriptedBackend.LogitsAfter(path);
                Assert.Equal(logits.Index().OrderByDescending(pair => pair.Item).Take(4).Select(pair => pair.Index), likeliest.Select(one => one.Token));
                Assert.Equal(logits.Max() - Math.Log(logits.Sum(logit => Math.Exp(logit))), likeliest[0].LogProbability, 1e-4);
                path.Add(token);
            }
        }

        Assert.Equal(s_prompt.Length + 10, path.Count);
    }

    [Fact]
    public async Task A_stop_string_within_it_does_not_count_but_one_that_it_begins_does()
    {
        await using var engine = Engine();
        var whole = (await Answers.Of(engine, Request(new SamplingOptions { MaxTokens = 12 }), Cancellation)).Finished[0];
        var across = whole.Text[5..9];

        var answers = await Answers.Of(engine, Request(new SamplingOptions { MaxTokens = 12, Stop = ["jk", across] }), Cancellation);

        Assert.All(answers.Finished, end => Assert.Equal((FinishReason.StopString, across, "hijkl"), (end.Reason, end.Stop, end.Text)));
        Assert.All(answers.Finished, end => Assert.Equal(whole.Tokens.Take(9), end.Tokens));
    }

    [Fact]
    public async Task The_context_ends_a_sequence_behind_it()
    {
        await using var engine = Engine(new ScriptedBackend { ContextLength = 16 });
        var answers = await Answers.Of(engine, Request(new SamplingOptions { MaxTokens = 100 }), Cancellation);

        Assert.All(answers.Finished, end => Assert.Equal((FinishReason.ContextFull, 12), (end.Reason, end.Tokens.Count)));
    }

    [Fact]
    public async Task A_child_finds_prompt_prefix_and_answer_in_the_cache()
    {
        await using var engine = Engine();
        var parent = (await Answers.Of(engine, Request(new SamplingOptions { MaxTokens = 12 }), Cancellation)).Finished[0];
        int[] child = [.. s_prompt, .. parent.Tokens, 5, 6, 7];

        var answers = await Answers.Of(
            engine, new GenerationRequest { Prompt = child, Sampling = new SamplingOptions { MaxTokens = 3 } }, Cancellation);

        Assert.Equal(s_prompt.Length + parent.Tokens.Count - 1, answers.Accepted.CachedTokens);
    }

    private static GenerationRequest Request(SamplingOptions sampling) =>
        new() { Prompt = s_prompt, ForcedPrefix = s_prefix, Sequences = 3, Sampling = sampling };

    private static InferenceEngine Engine(ScriptedBackend? backend = null) =>
        new(backend ?? new ScriptedBackend(), new ScriptedTokenizer(), [], new EngineOptions(), TimeSpan.Zero);
}
