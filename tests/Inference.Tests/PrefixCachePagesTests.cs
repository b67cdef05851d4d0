using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>The prefix cache over pages that are computed: what it finds is, to the bit, what was put, and it counts every page once.</summary>
public sealed unsafe class PrefixCachePagesTests
{
    // Random trees, adds, loads, forks, splits, claims, evictions and drops, with room for everything, for some and for next to nothing.
    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(2, 10_000)]
    [InlineData(3, 24)]
    [InlineData(4, 24)]
    [InlineData(5, 9)]
    [InlineData(6, 9)]
    [InlineData(7, 2)]
    [InlineData(8, 0)]
    public void Finds_the_bits_that_were_put_and_counts_every_page_once(int seed, int pages)
    {
        using var alone = TinyPages.Backend();
        using var backend = TinyPages.Backend();
        new Walk(alone, backend, pages, new Random(seed)).Run();
        Assert.Equal((0, 0), (backend.PagesHeld, backend.PagesInBlocks));
    }

    // The prompt's last page is the only one that is ever copied: once for each child that writes behind it.
    [Theory]
    [InlineData(40, 4)]
    [InlineData(48, 0)]
    public void Children_share_every_full_page(int prompt, int copies)
    {
        using var backend = TinyPages.Backend();
        using var cache = new PrefixCache(backend, long.MaxValue);
        var path = TinyPages.Text(prompt, 1);
        var parent = TinyPages.Open(backend, path);
        cache.Add(path, parent);
        backend.Close(parent);
        for (var child = 0; child < 4; child++)
        {
            var sequence = backend.Open(null);
            int[] longer = [.. path, 1 + child, 2, 3, 4];
            Assert.Equal(prompt, cache.Load(longer, prompt, sequence));
            backend.Prefill(sequence, longer.AsSpan(prompt), []);
            cache.Add(longer, sequence);
            backend.Close(sequence);
        }

        // Two or three full pages, and one a child.
        Assert.Equal(copies, backend.PagesCopied);
        Assert.Equal((prompt / KvLayout.PageTokens) + 4, backend.PagesInBlocks);
        Assert.Equal(backend.PagesInBlocks, backend.PagesHeld);
    }

    // A conversation that grows by a few tokens a turn takes the pages of its tokens, and no more.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(13)]
    [InlineData(37)]
    public void A_path_that_grows_takes_no_more_pages_than_its_tokens(int step)
    {
        using var backend = TinyPages.Backend();
        using var cache = new PrefixCache(backend, long.MaxValue);
        var path = TinyPages.Text(150, 1);
        for (var length = step; length <= path.Length; length += step)
        {
            var sequence = backend.Open(null);
            var found = cache.Load(path, length - step, sequence);
            Assert.Equal(length - step, found);
            backend.Prefill(sequence, path.AsSpan(found, step), []);
            cache.Add(path.AsSpan(0, length), sequence);
            backend.Close(sequence);
            Assert.Equal(KvLayout.PagesFor(length), backend.PagesInBlocks);
            Assert.Equal(KvLayout.PagesFor(length), cache.Edges);
        }
    }

    private sealed class Walk(CpuBackend alone, CpuBackend backend, int pages, Random random)
    {
        private const int Longest = 100;
        private const int Steps = 150;

        private readonly KvLayout _layout = new(TinyPages.Model);
        private readonly List<(int[] Path, int Adapter, float[][] Bits)> _known = [];
        private readonly List<(BackendAdapter? Alone, BackendAdapter? Backend)> _adapters = [(null, null)];
        private readonly List<(PrefixClaim Claim, int[] Path, int Adapter)> _claims = [];
        private readonly List<(PagedSequence Sequence, int[] Path, int Adapter, float[][] Bits)> _open = [];

        public void Run()
        {
            var adapter = TinyQwen2.Adapter(TinyPages.Model, rank: 4, seed: 1);
            _adapters.Add((alone.Prepare(adapter), backend.Prepare(adapter)));
            using (var cache = new PrefixCache(backend, pages * _layout.PageBytes))
            {
                for (var step = 0; step < Steps; step++)
                {
                    Act(cache);
                    Assert.Equal(backend.PagesInBlocks * _layout.PageBytes, cache.Bytes);
                    Assert.InRange(cache.Bytes, 0, pages * _layout.PageBytes);
                }

                Assert.All(_open, one => backend.Close(one.Sequence));
            }

            // Claims that outlive the cache come to nothing.
            Assert.All(_claims, claim => claim.Claim.Dispose());
        }

        private void Act(PrefixCache cache)
        {
            switch (random.Next(10))
            {
                case < 4 when _open.Count < backend.MaxSequences:
                    Open(cache);
                    break;
                case < 5 when _open.Count > 0 && _open.Count < backend.MaxSequences:
                    Fork();
                    break;
                case < 6 when _known.Count > 0:
                    var (path, adapter, _) = _known[random.Next(_known.Count)];
                    path = path[..random.Next(1, path.Length + 1)];
                    _claims.Add((cache.Claim(path, _adapters[adapter].Backend), path, adapter));
                    break;
                case < 7 when _claims.Count > 0:
                    Release(cache, random.Next(_claims.Count));
                    break;
                case 7 when random.Next(5) == 0:
                    cache.Drop(_adapters[1].Backend!);
                    _claims.RemoveAll(claim => claim.Adapter == 1);
                    break;
                case > 6 when _open.Count > 0:
                    End(cache, random.Next(_open.Count));
                    break;
            }
        }

        private void Open(PrefixCache cache)
        {
            var adapter = random.Next(_adapters.Count);
            var path = TinyPages.Text(random.Next(1, Longest), random.Next());
            if (_known.Count > 0 && random.Next(4) > 0)
            {
                var (other, itsAdapter, _) = _known[random.Next(_known.Count)];
                path = [.. other[..random.Next(1, other.Length + 1)], .. path];
                path = path[..Math.Min(path.Length, Longest)];
                adapter = itsAdapter;
            }

            var bits = Expected(path, adapter);
            var sequence = (PagedSequence)backend.Open(_adapters[adapter].Backend);
            var found = cache.Load(path, path.Length - 1, sequence);
            Assert.Equal(found, sequence.Length);
            Assert.InRange(found, 0, _known.Where(one => one.Adapter == adapter)
                .Select(one => one.Path.AsSpan().CommonPrefixLength(path)).DefaultIfEmpty().Max());
            Check(sequence, bits);
            TinyPages.Extend(backend, sequence, path, random);
            Check(sequence, bits);
            _open.Add((sequence, path, adapter, bits));
        }

        // As a search does: the same prompt, other continuations, at once.
        private void Fork()
        {
            var (source, held, adapter, _) = _open[random.Next(_open.Count)];
            int[] path = [.. held, .. TinyPages.Text(random.Next(1, 30), random.Next())];
            var bits = Expected(path, adapter);
            var fork = (PagedSequence)backend.Fork(source);
            TinyPages.Extend(backend, fork, path, random);
            Check(fork, bits);
            _open.Add((fork, path, adapter, bits));
        }

        private void End(PrefixCache cache, int which)
        {
            var (sequence, path, adapter, bits) = _open[which];
            Check(sequence, bits);
            cache.Add(path, sequence);
            _known.Add((path, adapter, bits));
            backend.Close(sequence);
            _open.RemoveAt(which);
        }

        private void Release(PrefixCache cache, int which)
        {
            var (claim, path, adapter) = _claims[which];
            var sequence = backend.Open(_adapters[adapter].Backend);
            Assert.InRange(cache.Load(path, path.Length, sequence), claim.Length, path.Length);
            backend.Close(sequence);
            claim.Dispose();
            claim.Dispose();
            _claims.RemoveAt(which);
        }

        // Computed alone, without a cache, token by token.
        private float[][] Expected(int[] path, int adapter)
        {
            var sequence = (PagedSequence)alone.Open(_adapters[adapter].Alone);
            foreach (var token in path)
            {
                alone.Prefill(sequence, [token], []);
            }

            var bits = Enumerable.Range(0, path.Length).Select(token => Numbers(sequence, token)).ToArray();
            alone.Close(sequence);
            return bits;
        }

        private void Check(PagedSequence sequence, float[][] bits)
        {
            for (var token = 0; token < sequence.Length; token++)
            {
                Assert.True(Numbers(sequence, token).AsSpan().SequenceEqual(bits[token]), $"token {token} of {bits.Length} differs");
            }
        }

        private float[] Numbers(PagedSequence sequence, int token)
        {
            var numbers = new List<float>();
            var (page, at) = (sequence.Pages[token / KvLayout.PageTokens], token % KvLayout.PageTokens);
            for (var layer = 0; layer < _layout.Layers; layer++)
            {
                for (var head = 0; head < _layout.Heads; head++)
                {
                    var keys = page.Address + _layout.Offset(layer, head);
                    var values = keys + _layout.ValuesOffset + (at * _layout.ValueWidth);
                    for (var i = 0; i < _layout.HeadSize; i++)
                    {
                        numbers.Add(keys[(i * KvLayout.PageTokens) + at]);
                        numbers.Add(values[i]);
                    }
                }
            }

            return [.. numbers];
        }
    }

    private static class TinyPages
    {
        public static ModelDescription Model => Cpu.TinyModels.Uneven;

        public static CpuBackend Backend() => Cpu.TinyModels.Backend(Model, KernelPaths.Best, threads: 1);

        public static int[] Text(int length, int seed) => Cpu.TinyModels.Text(length, seed);

        public static KvSequence Open(CpuBackend backend, int[] path)
        {
            var sequence = backend.Open(null);
            Extend(backend, sequence, path, null);
            return sequence;
        }

        public static void Extend(CpuBackend backend, KvSequence sequence, int[] path, Random? random)
        {
            while (sequence.Length < path.Length)
            {
                var count = Math.Min(path.Length - sequence.Length, random?.Next(1, 40) ?? backend.MaxChunk);
                backend.Prefill(sequence, path.AsSpan(sequence.Length, count), []);
            }
        }
    }
}
