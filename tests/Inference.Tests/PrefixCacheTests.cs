using CsCheck;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;

namespace O1Coder.Inference.Tests;

public sealed class PrefixCacheTests
{
    private const int TokenBytes = sizeof(int);

    [Fact]
    public void Finds_a_prefix_to_the_token()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 1000 * TokenBytes);
        int[] path = [.. Enumerable.Range(0, 77).Select(i => i % 19)];
        Add(backend, cache, path);

        Assert.Equal(77, Load(backend, cache, path));
        Assert.Equal(50, Load(backend, cache, path[..50]));
        Assert.Equal(40, Load(backend, cache, [.. path[..40], 18, 18]));
        Assert.Equal(0, Load(backend, cache, [18, 18]));
        Assert.Equal(10, Load(backend, cache, path, limit: 10));
    }

    [Fact]
    public void Keeps_what_prompts_share_once()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 1000 * TokenBytes);
        int[] path = [.. Enumerable.Range(0, 70).Select(i => i % 19)];
        Add(backend, cache, path);
        Add(backend, cache, [.. path[..45], 18, 18, 18]);
        Add(backend, cache, path[..30]);

        Assert.Equal((70 + 3) * TokenBytes, cache.Bytes);
    }

    [Fact]
    public void Evicts_the_least_recently_used()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 64 * TokenBytes);
        int[] first = [.. Enumerable.Repeat(1, 20)];
        int[] second = [.. Enumerable.Repeat(2, 20)];
        int[] third = [.. Enumerable.Repeat(3, 20)];
        Add(backend, cache, first);
        Add(backend, cache, second);
        Add(backend, cache, third);
        Load(backend, cache, first);
        Add(backend, cache, [.. Enumerable.Repeat(4, 20)]);

        Assert.Equal(20, Load(backend, cache, first));
        Assert.Equal(0, Load(backend, cache, second));
        Assert.Equal(20, Load(backend, cache, third));
    }

    [Fact]
    public void Keeps_the_beginning_of_a_prompt_that_does_not_fit()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 70 * TokenBytes);
        int[] path = [.. Enumerable.Range(0, 120).Select(i => i % 19)];
        Add(backend, cache, path);

        Assert.Equal(64, Load(backend, cache, path));
    }

    [Fact]
    public void A_cache_of_0_bytes_holds_nothing()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 0);
        Add(backend, cache, [1, 2, 3]);
        Assert.Equal(0, Load(backend, cache, [1, 2, 3]));
    }

    [Fact]
    public void An_adapters_prompts_never_serve_anothers_and_go_with_it()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 1000 * TokenBytes);
        var (first, second) = (ScriptedBackend.AdapterOf("1"), ScriptedBackend.AdapterOf("2"));
        int[] path = [.. Enumerable.Range(0, 40).Select(i => i % 19)];
        Add(backend, cache, path, first);
        Add(backend, cache, [.. path[..20], 18, 18], first);
        Assert.Equal(0, Load(backend, cache, path));
        Assert.Equal(0, Load(backend, cache, path, adapter: second));
        Add(backend, cache, path[..30]);
        Add(backend, cache, path[..10], second);
        Assert.Equal(40, Load(backend, cache, path, adapter: first));
        Assert.Equal((42 + 30 + 10) * TokenBytes, cache.Bytes);

        cache.Drop(first);

        Assert.Equal((30 + 10) * TokenBytes, cache.Bytes);
        Assert.Equal(0, Load(backend, cache, path, adapter: first));
        Assert.Equal(30, Load(backend, cache, path));
        Assert.Equal(10, Load(backend, cache, path, adapter: second));
        cache.Drop(first);
    }

    [Fact]
    public void Adapters_share_the_bytes()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 50 * TokenBytes);
        var adapter = ScriptedBackend.AdapterOf("1");
        Add(backend, cache, [.. Enumerable.Repeat(1, 30)], adapter);
        Add(backend, cache, [.. Enumerable.Repeat(1, 30)]);

        // The end of the older path made room for the younger one.
        Assert.Equal(16, Load(backend, cache, [.. Enumerable.Repeat(1, 30)], adapter: adapter));
        Assert.Equal(30, Load(backend, cache, [.. Enumerable.Repeat(1, 30)]));
    }

    [Fact]
    public void What_is_claimed_stays()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 64 * TokenBytes);
        int[] first = [.. Enumerable.Repeat(1, 40)];
        Add(backend, cache, first);
        using (var claim = cache.Claim([.. first, 2, 3], null))
        {
            Assert.Equal(40, claim.Length);
            Add(backend, cache, [.. Enumerable.Repeat(2, 24)]);
            Add(backend, cache, [.. Enumerable.Repeat(3, 24)]);
            Assert.Equal(40, Load(backend, cache, first));
            Assert.Equal(0, Load(backend, cache, [.. Enumerable.Repeat(2, 24)]));

            // There is no room beside what is claimed and this is not more than its end.
            Add(backend, cache, [.. first[..30], 7, .. Enumerable.Repeat(8, 60)]);
            Assert.Equal(40, Load(backend, cache, first));
        }

        // Giving the claim back is a use, so both blocks go last.
        Add(backend, cache, [.. Enumerable.Repeat(4, 24)]);
        Assert.Equal(40, Load(backend, cache, first));
        Add(backend, cache, [.. Enumerable.Repeat(5, 64)]);
        Assert.Equal(0, Load(backend, cache, first));
    }

    [Fact]
    public void A_claim_that_is_held_twice_stays_until_both_are_given_back()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 16 * TokenBytes);
        int[] path = [.. Enumerable.Repeat(1, 16)];
        Add(backend, cache, path);
        var (first, second) = (cache.Claim(path, null), cache.Claim(path.AsSpan(0, 5), null));
        first.Dispose();
        first.Dispose();
        Add(backend, cache, [.. Enumerable.Repeat(2, 16)]);
        Assert.Equal(16, Load(backend, cache, path));
        second.Dispose();
        Add(backend, cache, [.. Enumerable.Repeat(2, 16)]);
        Assert.Equal(0, Load(backend, cache, path));
        Assert.Equal(0, cache.Claim(path, null).Length);
    }

    [Fact]
    public void A_claim_on_what_was_dropped_comes_to_nothing()
    {
        using var backend = new ScriptedBackend();
        using var cache = new PrefixCache(backend, 64 * TokenBytes);
        var adapter = ScriptedBackend.AdapterOf("1");
        Add(backend, cache, [.. Enumerable.Repeat(1, 40)], adapter);
        using (cache.Claim([.. Enumerable.Repeat(1, 40)], adapter))
        {
            cache.Drop(adapter);
            Assert.Equal((0, 0), (cache.Bytes, cache.Edges));
        }

        Add(backend, cache, [.. Enumerable.Repeat(1, 64)], adapter);
        Assert.Equal(64, Load(backend, cache, [.. Enumerable.Repeat(1, 64)], adapter: adapter));
    }

    // Random paths over few tokens, so that edges split in every way; without eviction the longest common prefix is
    // always found, with it never more than that, and never another path's tokens.
    [Theory]
    [InlineData(1_000_000)]
    [InlineData(150)]
    public void Behaves_as_a_set_of_paths(int tokens)
    {
        Gen.Int[0, 1].Array[1, 60].Array[1, 40].Sample(paths =>
        {
            using var backend = new ScriptedBackend();
            using var cache = new PrefixCache(backend, (long)tokens * TokenBytes);
            for (var i = 0; i < paths.Length; i++)
            {
                var longest = paths[..i].Select(path => path.AsSpan().CommonPrefixLength(paths[i])).DefaultIfEmpty().Max();
                var found = Load(backend, cache, paths[i]);
                Assert.InRange(found, tokens == 150 ? 0 : longest, longest);
                Add(backend, cache, paths[i]);
                Assert.InRange(cache.Bytes, 0, (long)tokens * TokenBytes);
                Assert.Equal(paths[i].Length, Load(backend, cache, paths[i]));
            }
        });
    }

    private static void Add(ScriptedBackend backend, PrefixCache cache, int[] path, BackendAdapter? adapter = null)
    {
        var sequence = backend.Open(path, adapter);
        cache.Add(path, sequence);
        backend.Close(sequence);
    }

    private static int Load(ScriptedBackend backend, PrefixCache cache, int[] path, int limit = int.MaxValue, BackendAdapter? adapter = null)
    {
        var sequence = backend.Open(adapter);
        var found = cache.Load(path, limit, sequence);
        Assert.Equal(found, sequence.Length);
        Assert.Equal(path[..found], backend.TokensOf(sequence));
        backend.Close(sequence);
        return found;
    }
}
