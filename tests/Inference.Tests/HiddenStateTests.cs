using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Tests.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

public sealed class HiddenStateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("qwen2", false)]
    [InlineData("qwen2", true)]
    [InlineData("qwen3", false)]
    public async Task They_are_the_references_at_chosen_positions(string architecture, bool adapted)
    {
        var model = architecture == "qwen2" ? TinyModels.Uneven : TinyModels.Normed;
        using var weights = new RandomWeights(model, seed: 1);
        var adapter = adapted ? TinyQwen2.Adapter(model, 8, seed: 3) : null;
        var tokens = TinyModels.Text(150, seed: 2);
        var expected = new ReferenceModel(weights, adapter).HiddenStates(tokens);

        await using var engine = new InferenceEngine(
            new CpuBackend(weights, Precision.Exact, WeightPrecision.Float32, KernelPaths.Best, threads: 2, maxSequences: 2, contextLength: 256),
            new TinyTokenizer(),
            [],
            new EngineOptions { PrefixCacheBytes = 1 << 22 },
            TimeSpan.Zero);
        var version = adapter is null ? null : (await engine.AddAdapterAsync(adapter, null, Cancellation)).Version;
        foreach (var positions in new int[][] { [149], [0], [3, 4, 60, 128, 129], [.. Enumerable.Range(0, 150)], [70, 149] })
        {
            var states = await engine.HiddenStatesAsync(tokens, positions, version, default, Cancellation);
            Assert.Equal(positions.Length, states.Length);
            for (var i = 0; i < positions.Length; i++)
            {
                Assert.Equal(model.HiddenSize, states[i].Length);
                Assert.InRange(states[i].Zip(expected[positions[i]], (left, right) => Math.Abs(left - right)).Max(), 0, 1e-3);
            }
        }
    }

    [Fact]
    public void A_step_gives_both_and_neither_changes_the_other()
    {
        using var backend = TinyModels.Backend(TinyModels.Uneven, KernelPaths.Best, Precision.Fast, WeightPrecision.Int4);
        int[] tokens = TinyModels.Text(20, seed: 4);
        var (logits, _) = Read([4, 9], []);
        var (_, states) = Read([], [0, 9, 19]);
        var (both, and) = Read([4, 9], [0, 9, 19]);
        Assert.Equal(logits, both);
        Assert.Equal(states, and);

        (float[] Logits, float[] Hidden) Read(int[] logitRows, int[] hiddenRows)
        {
            var sequence = backend.Open(null);
            var read = backend.Step([new StepPart(sequence, 0, tokens.Length)], tokens, logitRows, hiddenRows).ToArray();
            var hidden = Enumerable.Range(0, hiddenRows.Length).SelectMany(row => backend.Hidden(row).ToArray()).ToArray();
            backend.Close(sequence);
            return (read, hidden);
        }
    }

    [Fact]
    public async Task Bad_positions_are_refused_by_name()
    {
        await using var engine = new InferenceEngine(
            new ScriptedBackend(), new ScriptedTokenizer(), [], new EngineOptions { PrefixCacheBytes = 0 }, TimeSpan.Zero);
        foreach (var positions in new int[][] { [], [-1], [3], [1, 1], [2, 1] })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => engine.HiddenStatesAsync(new[] { 1, 2, 3 }, positions, null, default, Cancellation));
            Assert.Equal("positions", error.ParamName);
        }

        var priority = await Assert.ThrowsAsync<ArgumentException>(() => engine.HiddenStatesAsync(
            new[] { 1, 2, 3 }, [1], null, new QueueTicket((RequestPriority)7, ""), Cancellation));
        Assert.Equal(("Priority", true), (priority.ParamName, priority.Message.Contains("7: expected Low, Normal or High", StringComparison.Ordinal)));
        var caller = await Assert.ThrowsAsync<ArgumentException>(() => engine.HiddenStatesAsync(
            new[] { 1, 2, 3 }, [1], null, new QueueTicket(default, new string('x', 257)), Cancellation));
        Assert.Equal("Caller", caller.ParamName);
        Assert.Equal(3, (await engine.HiddenStatesAsync(new[] { 1, 2, 3 }, [0, 1, 2], null, default, Cancellation)).Length);
    }
}
