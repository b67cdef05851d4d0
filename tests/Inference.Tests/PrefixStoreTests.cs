using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Tests;

/// <summary>Prefixes that are saved by one engine and loaded by another.</summary>
public sealed class PrefixStoreTests : IDisposable
{
    private const string Model = "0123abcd";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-prefixes-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File1 => Path.Combine(_folder.FullName, "one.kv");

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(45)]
    public async Task A_saved_prefix_gives_the_same_bits_as_computing_it(int length)
    {
        var prompt = Cpu.TinyModels.Text(length, 1);
        int[] longer = [.. prompt, 5, 6, 7];
        IReadOnlyList<string> expected;
        await using (var first = Engine())
        {
            await AskAsync(first, prompt);
            expected = (await AskAsync(first, longer)).Exact;
            Assert.Equal(length, await first.SavePrefixAsync(prompt, null, File1, Cancellation));
        }

        await using var second = Engine();
        Assert.Equal(length, await second.LoadPrefixAsync(File1, Cancellation));
        var answers = await AskAsync(second, longer);
        Assert.Equal(length, answers.Accepted.CachedTokens);
        Assert.Equal(expected, answers.Exact);
        Assert.Equal(new[] { "one.kv" }, _folder.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public async Task What_the_cache_has_of_a_prompt_is_saved_and_nothing_of_one_that_it_does_not_know()
    {
        await using var engine = Engine();
        var prompt = Cpu.TinyModels.Text(40, 1);
        await AskAsync(engine, prompt);
        Assert.Equal(40, await engine.SavePrefixAsync((int[])[.. prompt, 82, 81, 80], null, File1, Cancellation));
        Assert.Equal(0, await engine.SavePrefixAsync(Cpu.TinyModels.Text(40, 2), null, Path.Combine(_folder.FullName, "two.kv"), Cancellation));
        Assert.Single(_folder.GetFiles());

        // A file is replaced whole.
        await AskAsync(engine, Cpu.TinyModels.Text(20, 3));
        Assert.Equal(20, await engine.SavePrefixAsync(Cpu.TinyModels.Text(20, 3), null, File1, Cancellation));
        await using var other = Engine();
        Assert.Equal(20, await other.LoadPrefixAsync(File1, Cancellation));
    }

    [Fact]
    public async Task Loading_into_a_small_cache_keeps_the_beginning()
    {
        var prompt = Cpu.TinyModels.Text(100, 1);
        await using (var engine = Engine())
        {
            await AskAsync(engine, prompt);
            await engine.SavePrefixAsync(prompt, null, File1, Cancellation);
        }

        await using var small = Engine(pages: 3);
        Assert.Equal(48, await small.LoadPrefixAsync(File1, Cancellation));
        await using var none = Engine(pages: 0);
        Assert.Equal(0, await none.LoadPrefixAsync(File1, Cancellation));
    }

    [Fact]
    public async Task A_file_of_another_engine_or_a_damaged_one_is_refused_and_changes_nothing()
    {
        var prompt = Cpu.TinyModels.Text(40, 1);
        await using (var engine = Engine())
        {
            await AskAsync(engine, prompt);
            await engine.SavePrefixAsync(prompt, null, File1, Cancellation);
        }

        await using var model = Engine(model: "other");
        await RefusedAsync(model, File1, $"is of model {Model}: expected other");
        await using var precision = Engine(precision: Precision.Fast, held: WeightPrecision.Int8);
        await RefusedAsync(precision, File1, "is of engine cpu/");
        await using var path = Engine(path: KernelPath.Vector128);
        if (KernelPaths.Best != KernelPath.Vector128)
        {
            await RefusedAsync(path, File1, "expected cpu/vector128");
        }

        await using var context = Engine(contextLength: 32);
        await RefusedAsync(context, File1, "has 40 tokens: expected 1 to 32");

        await using var same = Engine();
        var bytes = await File.ReadAllBytesAsync(File1, Cancellation);
        var random = new Random(1);
        foreach (var at in Enumerable.Range(0, 40).Select(_ => random.Next(bytes.Length)).Append(0).Append(bytes.Length - 1))
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= (byte)(1 << random.Next(8));
            await RefusedAsync(same, Write(flipped), at < 8 ? "is no saved prefix" : "is damaged");
        }

        foreach (var length in new[] { 0, 3, 8, 20, 39, 40, 41, bytes.Length / 2, bytes.Length - 1 })
        {
            await RefusedAsync(same, Write(bytes[..length]), length < 8 ? "is no saved prefix" : "is damaged");
        }

        await RefusedAsync(same, Write([.. bytes, 0]), "is damaged");
        await Assert.ThrowsAsync<FileNotFoundException>(() => same.LoadPrefixAsync(Path.Combine(_folder.FullName, "none.kv"), Cancellation));
        Assert.Equal(0, (await AskAsync(same, prompt)).Accepted.CachedTokens);
        Assert.Equal(40, await same.LoadPrefixAsync(File1, Cancellation));

        async Task RefusedAsync(InferenceEngine engine, string file, string why)
        {
            var message = (await Assert.ThrowsAsync<InvalidDataException>(() => engine.LoadPrefixAsync(file, Cancellation))).Message;
            Assert.Contains(why, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }

        string Write(byte[] content)
        {
            var name = Path.Combine(_folder.FullName, "bad.kv");
            File.WriteAllBytes(name, content);
            return name;
        }
    }

    [Fact]
    public async Task A_prefix_is_of_its_adapter_and_needs_it()
    {
        var adapter = TinyQwen2.Adapter(Cpu.TinyModels.Uneven, 4, 1);
        var version = adapter.Version;
        var prompt = Cpu.TinyModels.Text(40, 1);
        await using (var engine = Engine())
        {
            await engine.AddAdapterAsync(adapter, null, Cancellation);
            await AskAsync(engine, prompt, version);
            Assert.Equal(0, await engine.SavePrefixAsync(prompt, null, File1, Cancellation));
            Assert.Equal(40, await engine.SavePrefixAsync(prompt, version, File1, Cancellation));
            await Assert.ThrowsAsync<AdapterNotLoadedException>(() => engine.SavePrefixAsync(prompt, "v2", File1, Cancellation));
        }

        await using var other = Engine();
        await Assert.ThrowsAsync<AdapterNotLoadedException>(() => other.LoadPrefixAsync(File1, Cancellation));
        await other.AddAdapterAsync(adapter, null, Cancellation);
        Assert.Equal(40, await other.LoadPrefixAsync(File1, Cancellation));
        Assert.Equal(0, (await AskAsync(other, prompt)).Accepted.CachedTokens);
        Assert.Equal(39, (await AskAsync(other, prompt, version)).Accepted.CachedTokens);
    }

    [Fact]
    public async Task The_hottest_prefixes_are_those_that_were_begun_with_most_often()
    {
        await using var engine = Engine();
        int[] hot = Cpu.TinyModels.Text(48, 1), warm = Cpu.TinyModels.Text(32, 2), cold = Cpu.TinyModels.Text(32, 3);
        foreach (var prompt in new[] { hot, hot, hot, hot, warm, warm, warm, cold })
        {
            await AskAsync(engine, [.. prompt, 1, 2]);
        }

        var page = new KvLayout(Cpu.TinyModels.Uneven).PageBytes;
        var both = await engine.HotPrefixesAsync(100 * page, Cancellation);
        Assert.Equal(2, both.Count);
        Assert.True(both[0].Tokens.Span.StartsWith(hot) && both[1].Tokens.Span.StartsWith(warm));
        Assert.All(both, prefix => Assert.Null(prefix.Adapter));
        var one = Assert.Single(await engine.HotPrefixesAsync(3 * page, Cancellation));
        Assert.Equal(hot, one.Tokens.ToArray());
        Assert.Empty(await engine.HotPrefixesAsync(0, Cancellation));
        Assert.Equal("maxBytes", (await Assert.ThrowsAsync<ArgumentException>(() => engine.HotPrefixesAsync(-1, Cancellation))).ParamName);
    }

    [Fact]
    public async Task Bad_requests_are_refused_and_a_disposed_engine_says_so()
    {
        var engine = Engine();
        await Assert.ThrowsAsync<ArgumentException>(() => engine.SavePrefixAsync(Array.Empty<int>(), null, File1, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.SavePrefixAsync(new[] { 83 }, null, File1, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.SavePrefixAsync(new[] { 1 }, null, "", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.LoadPrefixAsync("", Cancellation));
        await AskAsync(engine, [1, 2, 3]);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(
            () => engine.SavePrefixAsync(new[] { 1, 2, 3 }, null, Path.Combine(_folder.FullName, "none", "one.kv"), Cancellation));
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.SavePrefixAsync(new[] { 1, 2, 3 }, null, File1, Cancellation));

        await using var scripted = new InferenceEngine(
            new ScriptedBackend(), new ScriptedTokenizer(), [], new EngineOptions(), TimeSpan.Zero, () => Model);
        await Assert.ThrowsAsync<NotSupportedException>(() => scripted.SavePrefixAsync(new[] { 1, 2, 3 }, null, File1, Cancellation));
        Assert.Empty(_folder.GetFiles());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<Answers> AskAsync(InferenceEngine engine, int[] prompt, string? adapter = null) => Answers.Of(
        engine,
        new GenerationRequest { Prompt = prompt, Adapter = adapter, Sampling = new SamplingOptions { MaxTokens = 5, Temperature = 1, Seed = 1 } },
        Cancellation);

    private static InferenceEngine Engine(
        string model = Model,
        Precision precision = Precision.Exact,
        WeightPrecision held = WeightPrecision.Float32,
        KernelPath? path = null,
        int contextLength = 256,
        int pages = 1000) => new(
            Cpu.TinyModels.Backend(Cpu.TinyModels.Uneven, path ?? KernelPaths.Best, precision, held, contextLength: contextLength),
            new ByteTokenizer(),
            [],
            new EngineOptions { PrefixCacheBytes = pages * new KvLayout(Cpu.TinyModels.Uneven).PageBytes },
            TimeSpan.Zero,
            () => model);
}
