using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>
/// Random trees of prompts: what is computed for a sequence is, to the bit, what it is alone and token by token on one thread,
/// whatever else is in the step, however it is cut, forked, cached and evicted; and every page is given back.
/// </summary>
public sealed class RowIndependenceTests
{
    private const int CachedTokens = 160;

    public static TheoryData<string, Precision, WeightPrecisionName> Cases
    {
        get
        {
            var cases = new TheoryData<string, Precision, WeightPrecisionName>();
            foreach (var path in KernelPaths.Runnable)
            {
                cases.Add($"{path}", Precision.Exact, WeightPrecisionName.Float32);
                cases.Add($"{path}", Precision.Exact, WeightPrecisionName.Int4);
                cases.Add($"{path}", Precision.Fast, WeightPrecisionName.Int4);
                cases.Add($"{path}", Precision.Fast, WeightPrecisionName.Int8);
            }

            return cases;
        }
    }

    public enum WeightPrecisionName
    {
        Float32,
        Int4,
        Int8,
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_sequences_logits_depend_on_its_tokens_alone(string path, Precision precision, WeightPrecisionName held)
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            var model = seed % 2 == 0 ? TinyModels.Normed : TinyModels.Uneven;
            var weights = Enum.Parse<WeightPrecision>($"{held}");
            using var alone = TinyModels.Backend(model, Enum.Parse<KernelPath>(path), precision, weights, threads: 1);
            using var busy = TinyModels.Backend(model, Enum.Parse<KernelPath>(path), precision, weights, threads: 3);
            new Tree(model, alone, busy, new Random(seed)).Grow();
            Assert.Equal((0, 0), (alone.PagesHeld, busy.PagesHeld));
        }
    }

    private sealed class Tree(ModelDescription model, CpuBackend alone, CpuBackend busy, Random random)
    {
        private const int Longest = 110;
        private const int Steps = 40;

        private readonly List<Grown> _open = [];
        private readonly List<(int[] Path, int Adapter, float[][] Logits)> _known = [];
        private readonly List<(BackendAdapter? Alone, BackendAdapter? Busy)> _adapters = [(null, null)];
        private readonly long _pageBytes = new KvLayout(model).PageBytes;
        private int _hits;
        private int _forks;
        private int _cuts;

        public void Grow()
        {
            foreach (var rank in new[] { 5, 12 })
            {
                var adapter = TinyQwen2.Adapter(model, rank, seed: rank);
                _adapters.Add((alone.Prepare(adapter), busy.Prepare(adapter)));
            }

            using (var cache = new PrefixCache(busy, CachedTokens / KvLayout.PageTokens * _pageBytes))
            {
                for (var step = 0; step < Steps; step++)
                {
                    while (_open.Count < busy.MaxSequences && random.Next(3) > 0)
                    {
                        _open.Add(random.Next(3) == 0 && _open.Count > 0 ? Fork(_open[random.Next(_open.Count)]) : Open(cache));
                    }

                    if (_open.Count > 0)
                    {
                        Step();
                        End(cache, all: step == Steps - 1);
                    }

                    Assert.InRange(cache.Bytes, 0, CachedTokens / KvLayout.PageTokens * _pageBytes);
                    if (_open.Count == 0)
                    {
                        Assert.InRange(busy.PagesHeld * _pageBytes, 0, cache.Bytes);
                    }
                }
            }

            Assert.InRange(_hits, 1, int.MaxValue);
            Assert.InRange(_forks, 1, int.MaxValue);
            Assert.InRange(_cuts, 1, int.MaxValue);
        }

        private Grown Open(PrefixCache cache)
        {
            // Mostly a branch of a path that there was.
            var adapter = random.Next(_adapters.Count);
            int[] path = TinyModels.Text(random.Next(2, Longest), random.Next());
            if (_known.Count > 0 && random.Next(4) > 0)
            {
                var (other, itsAdapter, _) = _known[random.Next(_known.Count)];
                var kept = random.Next(1, other.Length + 1);
                path = [.. other[..kept], .. path[..Math.Min(path.Length, Longest - kept + 1)]];
                adapter = random.Next(5) == 0 ? adapter : itsAdapter;
            }

            var sequence = (PagedSequence)busy.Open(_adapters[adapter].Busy);
            var found = cache.Load(path, path.Length - 1, sequence);
            Assert.Equal(found, sequence.Length);
            _hits += found > 0 ? 1 : 0;
            return new Grown(sequence, path, adapter, Expected(path, adapter));
        }

        private Grown Fork(Grown source)
        {
            _forks++;
            var held = source.Path[..source.Sequence.Length];
            int[] path = [.. held, .. TinyModels.Text(random.Next(1, Longest), random.Next()).Take(Longest - held.Length + 1)];
            return new Grown((PagedSequence)busy.Fork(source.Sequence), path, source.Adapter, Expected(path, source.Adapter));
        }

        private void Step()
        {
            var (parts, tokens, wanted) = (new List<StepPart>(), new List<int>(), new List<(Grown Of, int Position, int Token)>());
            foreach (var one in _open.OrderBy(_ => random.Next()).Where(_ => random.Next(5) > 0))
            {
                var at = one.Sequence.Length;
                var count = Math.Min(one.Path.Length - at, random.Next(2) == 0 ? 1 : random.Next(1, 22));
                parts.Add(new StepPart(one.Sequence, tokens.Count, count));
                for (var i = 0; i < count; i++)
                {
                    if (wanted.Count < 30 && random.Next(3) > 0)
                    {
                        wanted.Add((one, at + i, tokens.Count + i));
                    }
                }

                tokens.AddRange(one.Path.AsSpan(at, count));
            }

            if (parts.Count == 0)
            {
                return;
            }

            var logits = busy.Step([.. parts], [.. tokens], [.. wanted.Select(row => row.Token)]);
            for (var row = 0; row < wanted.Count; row++)
            {
                var actual = logits.Slice(row * busy.VocabularySize, busy.VocabularySize);
                Assert.True(
                    actual.SequenceEqual(wanted[row].Of.Expected[wanted[row].Position]), $"position {wanted[row].Position} differs");
            }

            // As after tokens that were guessed wrongly.
            foreach (var part in parts.Where(_ => random.Next(4) == 0))
            {
                busy.Truncate(part.Sequence, random.Next(Math.Max(1, part.Sequence.Length - 20), part.Sequence.Length));
                _cuts++;
            }
        }

        private void End(PrefixCache cache, bool all)
        {
            for (var i = _open.Count - 1; i >= 0; i--)
            {
                var (sequence, path, adapter, expected) = _open[i];
                if (all || sequence.Length == path.Length)
                {
                    cache.Add(path.AsSpan(0, sequence.Length), sequence);
                    busy.Close(sequence);
                    _known.Add((path, adapter, expected));
                    _open.RemoveAt(i);
                }
            }
        }

        // Decoded alone, one token after another.
        private float[][] Expected(int[] path, int adapter)
        {
            var sequence = alone.Open(_adapters[adapter].Alone);
            var rows = new float[path.Length][];
            for (var i = 0; i < path.Length; i++)
            {
                alone.Decode([sequence], path.AsSpan(i, 1));
                rows[i] = alone.Logits(sequence).ToArray();
            }

            alone.Close(sequence);
            return rows;
        }

        private sealed record Grown(PagedSequence Sequence, int[] Path, int Adapter, float[][] Expected);
    }
}
