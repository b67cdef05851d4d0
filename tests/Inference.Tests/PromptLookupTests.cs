using CsCheck;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Scheduling;
using O1Coder.Inference.Tests.Cpu;

namespace O1Coder.Inference.Tests;

/// <summary>Guessing ahead changes nothing but the number of steps.</summary>
public sealed class PromptLookupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Guesses_what_followed_the_last_place_that_said_the_same()
    {
        var guesser = new NextGuesser([1, 2, 3, 4, 5, 9, 2, 3, 4, 8, 6, 2, 3], 100, 8);
        Assert.Equal([], guesser.Guess(0.1, 8).ToArray());
        guesser.Add(4);
        Assert.Equal([8, 6, 2, 3, 4], guesser.Guess(0.1, 5).ToArray());
        Assert.Equal([8, 6], guesser.Guess(0.1, 2).ToArray());
        Assert.Equal([], guesser.Guess(0.1, 0).ToArray());

        // Three of four were right, it supposes: a second guess would be right less than six times of ten.
        Assert.Equal([8], guesser.Guess(0.6, 8).ToArray());

        // Behind the end it goes on as it guessed.
        Assert.Equal([8, 6, 2, 3, 4, 8, 6], guesser.Guess(0.1, 7).ToArray());
    }

    [Fact]
    public void What_followed_more_of_the_same_is_surer_than_what_was_said_last()
    {
        var guesser = new NextGuesser([5, 1, 2, 3, 7, 6, 1, 2, 3, 8, 5, 1, 2, 3], 20, 1);
        Assert.Equal([7], guesser.Guess(0.5, 8).ToArray());
    }

    [Fact]
    public void Poor_guesses_end_guessing_but_for_a_trial_now_and_then()
    {
        var guesser = new NextGuesser([.. Enumerable.Repeat(1, 30)], 500, 8);
        var guessed = 0;
        for (var token = 0; token < 200; token++)
        {
            var guess = guesser.Guess(0.3, 8).Length;
            guessed += guess;
            if (guess > 0)
            {
                guesser.Learn(guess, 0);
            }

            guesser.Add(1);
        }

        Assert.InRange(guessed, 4, 40);
        Assert.InRange(guesser.Acceptance, 0, 0.3);
        for (var i = 0; i < 20; i++)
        {
            guesser.Learn(1, 1);
        }

        Assert.Equal(8, guesser.Guess(0.3, 8).Length);
    }

    // A vocabulary of three, where every run of tokens has been said before and many guesses are right by chance.
    [Fact]
    public void The_answer_is_the_same_to_the_bit_on_the_scripted_back_end() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 60], Gen.Int[0, 3].Array[0, 5], Gen.Int[1, 60], Gen.Int[0, 4], Gen.ULong, Gen.Int[1, 5])
            .Sample((prompt, forced, tokens, kind, seed, sequences) =>
            {
                var sampling = new SamplingOptions
                {
                    MaxTokens = forced.Length + tokens,
                    Temperature = kind == 0 ? 0 : 0.4f * kind,
                    TopK = 4,
                    RepetitionPenalty = kind == 2 ? 1.3f : 1,
                    Stop = kind == 3 ? ["abc", "cc"] : [],
                    LogitBias = Enumerable.Range(4, 15).ToDictionary(token => token, _ => -100f),
                    Constraint = kind == 4 ? Constraint.FromRegex("([abc]{3}d)*") : null,
                    TopLogProbabilities = kind == 1 ? 2 : 0,
                    Seed = seed,
                };
                var request = new GenerationRequest { Prompt = prompt, Sampling = sampling, Sequences = sequences };
                request = kind == 4 ? request : request with { ForcedPrefix = forced };
                var (expected, without) = Run(request);
                var (actual, with) = Run(request with { PromptLookup = true });
                Assert.Equal(expected, actual);
                Assert.InRange(with, 0, without);
            }, iter: 300);

    [Fact]
    public async Task It_takes_fewer_steps_where_the_answer_repeats_itself_and_cuts_what_was_wrong()
    {
        var request = new GenerationRequest
        {
            Prompt = Enumerable.Range(0, 30).ToArray().Select(i => i % 5).ToArray(),
            Sampling = new SamplingOptions { MaxTokens = 150, LogitBias = Enumerable.Range(0, 17).ToDictionary(token => token, _ => -100f) },
        };
        await using var engine = Engine(new ScriptedBackend());
        var plain = await Answers.Of(engine, request, Cancellation);
        var backend = new ScriptedBackend();
        await using var guessing = Engine(backend);
        var guessed = await Answers.Of(guessing, request with { PromptLookup = true }, Cancellation);
        Assert.Equal(plain.Exact, guessed.Exact);
        Assert.InRange(backend.Batches.Count, 1, 148);

        // What it leaves in the cache is the answer, without what was guessed wrongly.
        int[] child = [.. request.Prompt.Span, .. guessed.Finished[0].Tokens, 1, 2, 3];
        var next = new GenerationRequest { Prompt = child, Sampling = request.Sampling with { MaxTokens = 20 } };
        var expected = await Answers.Of(engine, next, Cancellation);
        var actual = await Answers.Of(guessing, next, Cancellation);
        Assert.Equal(expected.Exact, actual.Exact);
        Assert.Equal(expected.Accepted.CachedTokens, actual.Accepted.CachedTokens);
    }

    [Theory]
    [InlineData(Precision.Exact, 0f)]
    [InlineData(Precision.Fast, 0f)]
    [InlineData(Precision.Fast, 0.4f)]
    public async Task The_answer_is_the_same_to_the_bit_on_the_cpu_back_end(Precision precision, float temperature)
    {
        var held = precision == Precision.Fast ? WeightPrecision.Int4 : WeightPrecision.Float32;
        await using var engine = new InferenceEngine(
            TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best, precision, held),
            new TinyTokenizer(),
            [],
            new EngineOptions { PrefixCacheBytes = 1 << 22 },
            TimeSpan.Zero);
        int[] text = TinyModels.Text(40, seed: 3);
        var requests = Enumerable.Range(0, 3).Select(i => new GenerationRequest
        {
            Prompt = (int[])[.. text, .. text[..(10 + i)]],
            Sequences = 1 + i,
            Sampling = new SamplingOptions { MaxTokens = 90, Temperature = temperature, TopK = 2, Seed = (ulong)i },
        }).ToArray();
        foreach (var request in requests)
        {
            var expected = await Answers.Of(engine, request, Cancellation);
            Assert.Equal(expected.Exact, (await Answers.Of(engine, request with { PromptLookup = true }, Cancellation)).Exact);
        }

        var crowd = await Task.WhenAll(requests.Select(request => Answers.Of(engine, request with { PromptLookup = true }, Cancellation)));
        for (var i = 0; i < requests.Length; i++)
        {
            Assert.Equal((await Answers.Of(engine, requests[i], Cancellation)).Exact, crowd[i].Exact);
        }
    }

    private static (string Answer, int Steps) Run(GenerationRequest request)
    {
        var backend = new ScriptedBackend();
        var engine = Engine(backend);
        try
        {
            var answers = Answers.Of(engine, request, Cancellation).GetAwaiter().GetResult();
            return (string.Join("|", answers.Exact.Concat(answers.Finished.Select(end => $"{end.Reason} {end.Stop} {end.Text}"))), backend.Batches.Count);
        }
        finally
        {
            engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static InferenceEngine Engine(ScriptedBackend backend) =>
        new(backend, new ScriptedTokenizer(), [ScriptedTokenizer.EndOfTurn], new EngineOptions { PrefixCacheBytes = 1 << 20 }, TimeSpan.Zero);
}
