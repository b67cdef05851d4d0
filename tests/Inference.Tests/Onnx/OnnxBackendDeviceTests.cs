using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
using O1Coder.Inference.Tests.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Onnx;

/// <summary>The paths that a device takes, walked without one: what lies where, what is copied, and keys and values in float16.</summary>
public sealed class OnnxBackendDeviceTests
{
    private const int Context = 1024;

    private static readonly ModelDescription s_model = TinyArchitectures.Of("qwen3");

    [Fact]
    public void All_that_goes_through_a_devices_memory_comes_out_to_the_bit()
    {
        var memory = new DeviceLikeMemory();
        var tokens = TinyModels.Text(90, seed: 5);
        using (var host = Load(new HostMemory(), halfCache: false))
        using (var device = Load(memory, halfCache: false))
        {
            foreach (var adapter in new[] { null, TinyQwen2.Adapter(s_model, 20, seed: 3) })
            {
                var (left, right) = (adapter is null ? null : host.Prepare(adapter), adapter is null ? null : device.Prepare(adapter));
                Assert.Equal(
                    BackendReader.LogProbabilities(host, left, tokens, prefilled: 60).SelectMany(row => row),
                    BackendReader.LogProbabilities(device, right, tokens, prefilled: 60).SelectMany(row => row));
            }
        }

        Assert.Equal((0, 0), (memory.Held, memory.Downloaded));
    }

    [Fact]
    public void A_fork_copies_its_sources_tokens_within_the_memory_and_nothing_else()
    {
        var memory = new DeviceLikeMemory();
        using var backend = Load(memory, halfCache: true);
        Assert.Equal(2L * s_model.Layers * s_model.KeyValueHeads * s_model.HeadSize * sizeof(ushort), backend.BytesPerToken);
        var prompt = backend.Open(null);
        backend.Prefill(prompt, TinyModels.Text(41, seed: 1), []);
        var (copied, uploaded, held) = (memory.Copied, memory.Uploaded, memory.Held);

        var fork = backend.Fork(prompt);
        Assert.Equal((41 * backend.BytesPerToken, uploaded, held), (memory.Copied - copied, memory.Uploaded, memory.Held));
        Assert.False(memory.IsSettled);

        // What a step brings there is its own numbers: a few bytes a row, and no keys, values or weights.
        backend.Decode([fork], [3]);
        Assert.True(memory.IsSettled);
        Assert.InRange(memory.Uploaded - uploaded, 1, 256);

        using (var block = backend.Save(fork, 10, 20))
        {
            Assert.Equal((20 * backend.BytesPerToken, 20), (block.OwnBytes, block.Tokens));
            using var part = backend.Slice(block, 5, 7);
            Assert.Equal(7 * backend.BytesPerToken, part.OwnBytes);
        }

        Assert.Equal(0, memory.Downloaded);
        backend.Close(fork);
        backend.Close(prompt);
    }

    [Fact]
    public void Weights_lie_there_once_whatever_the_number_of_graphs()
    {
        var memory = new DeviceLikeMemory();
        using var backend = Load(memory, halfCache: true);
        var adapter = TinyQwen2.Adapter(s_model, 4, seed: 1, has: key => key.Projection == Projection.Down);
        var before = memory.Held;

        var prepared = backend.Prepare(adapter);

        Assert.Equal(backend.AdapterBytes(adapter), memory.Held - before);
        backend.Release(prepared);
        Assert.Equal(before, memory.Held);
    }

    // Float16 has 11 bits of mantissa: far less is lost than by int8 activations.
    [Theory]
    [InlineData("qwen2")]
    [InlineData("llama")]
    [InlineData("qwen3")]
    [InlineData("mistral")]
    public void Keys_and_values_in_float16_change_little(string architecture)
    {
        using var weights = new RandomWeights(TinyArchitectures.Of(architecture), seed: 1);
        using var floats = Load(weights, new HostMemory(), halfCache: false);
        using var halves = Load(weights, new HostMemory(), halfCache: true);
        Assert.Equal("float32, float16 keys and values", halves.Precision);
        var tokens = TinyModels.Text(90, seed: 5);

        var (largest, mean) = BackendReader.Difference(
            BackendReader.LogProbabilities(floats, null, tokens, prefilled: 60), BackendReader.LogProbabilities(halves, null, tokens, prefilled: 60));

        TestContext.Current.SendDiagnosticMessage($"{architecture}: largest |Δ| {largest:e1}, mean {mean:e1}");
        Assert.InRange(mean, 1e-9, 0.003);
    }

    [Fact]
    public void Rows_keep_what_they_hold_when_they_grow_on_a_device()
    {
        var memory = new DeviceLikeMemory();
        using var backend = Load(memory, halfCache: true);
        var tokens = TinyModels.Text(700, seed: 7);
        var before = After(backend, tokens[..40]);
        var fork = Prefilled(backend, tokens[..40], out var prompt);
        backend.Close(prompt);
        backend.Close(Prefilled(backend, tokens, out prompt));
        backend.Close(prompt);

        backend.Decode([fork], [9]);
        Assert.Equal(before, backend.Logits(fork).ToArray());
        backend.Close(fork);
    }

    // Where the build has the provider and the machine a device, `models verify` runs on it; elsewhere one line says what is missing.
    [Fact]
    public void Without_a_device_the_one_line_says_what_is_missing()
    {
        using var weights = new RandomWeights(s_model, seed: 1);
        if (GraphDevices.OfBuild == GraphDevice.Cuda && HasDevice())
        {
            using var cuda = new OnnxBackend(weights, Precision.Exact, WeightPrecision.AsStored, GraphDevice.Cuda, 1, 2, 128);
            Assert.Equal("onnx/cuda", cuda.Name);
            return;
        }

        var refused = Assert.Throws<PlatformNotSupportedException>(
            () => new OnnxBackend(weights, Precision.Exact, WeightPrecision.AsStored, GraphDevice.Cuda, 1, 2, 128));
        Assert.Contains("-p:Accelerator=cuda", refused.Message, StringComparison.Ordinal);
    }

    private static bool HasDevice()
    {
        try
        {
            _ = new CudaRuntime();
            return true;
        }
        catch (PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static float[] After(OnnxBackend backend, int[] tokens)
    {
        var fork = Prefilled(backend, tokens, out var prompt);
        backend.Decode([fork], [9]);
        var logits = backend.Logits(fork).ToArray();
        backend.Close(fork);
        backend.Close(prompt);
        return logits;
    }

    private static KvSequence Prefilled(OnnxBackend backend, int[] tokens, out KvSequence prompt)
    {
        prompt = backend.Open(null);
        foreach (var chunk in tokens.Chunk(backend.MaxChunk))
        {
            backend.Prefill(prompt, chunk, []);
        }

        return backend.Fork(prompt);
    }

    private static OnnxBackend Load(TensorMemory memory, bool halfCache)
    {
        using var weights = new RandomWeights(s_model, seed: 1);
        return Load(weights, memory, halfCache);
    }

    private static OnnxBackend Load(IWeights weights, TensorMemory memory, bool halfCache) =>
        new(weights, Precision.Exact, WeightPrecision.AsStored, GraphDevice.Cpu, memory, halfCache, threads: 1, maxSequences: 3, Context);
}
