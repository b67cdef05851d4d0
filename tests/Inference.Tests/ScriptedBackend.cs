using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using O1Coder.Inference.Backends;
using O1Coder.Inference.Onnx;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>
/// A back end whose "keys and values" are the tokens themselves and whose logits are a hash of them, so that a row that
/// was mixed up, forked or cached wrongly gives other answers. Checks that it is called as its contract says.
/// </summary>
internal sealed unsafe class ScriptedBackend : IBackend
{
    private static readonly HostMemory s_memory = new();

    private readonly Dictionary<KvSequence, List<int>> _held = [];
    private readonly HashSet<KvSequence> _prompts = [];
    private float[] _results = [];
    private float[] _hidden = [];

    /// <summary>When set, every decode step waits for one permit.</summary>
    public SemaphoreSlim? DecodePermits { get; init; }

    /// <summary>Called with the sequences of every step.</summary>
    public Action<IReadOnlyList<KvSequence>>? OnStep { get; set; }

    /// <summary>
    /// Whether steps are neither checked nor noted, so that they allocate nothing; only what its thread had allocated before
    /// each is.
    /// </summary>
    public bool Forgetful { get; init; }

    /// <summary>Managed bytes that the engine's thread had allocated before each step of a forgetful back end.</summary>
    public List<long> AllocatedBefore { get; } = new(4096);

    /// <summary>Called before every prefill.</summary>
    public Action<int>? OnPrefill { get; set; }

    /// <summary>Called before every decode step waits for its permit.</summary>
    public Action? OnDecodeWaits { get; set; }

    /// <summary>Called with the batch size before every decode step, after its permit.</summary>
    public Action<int>? OnDecode { get; set; }

    /// <summary>Batch sizes of all decode steps.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    /// <summary>Tokens of all prefills.</summary>
    public ConcurrentQueue<int> Chunks { get; } = [];

    public string Name => "scripted";

    public string Precision => "none";

    public int VocabularySize { get; init; } = ScriptedTokenizer.Vocabulary;

    public int HiddenSize => 3;

    public int Threads => 2;

    public int MaxSequences { get; init; } = 4;

    public int MaxPrompts { get; init; } = 3;

    public int MaxDrawn { get; init; } = 9;

    public int ContextLength { get; init; } = 256;

    public int MaxChunk => 16;

    public int MinChunk => 2;

    public bool DecodesAsPrefills { get; init; } = true;

    public int MaxLogitRows => 5;

    public long BytesPerToken => sizeof(int);

    /// <summary>Called before an adapter is prepared.</summary>
    public Action<LoraAdapter>? OnPrepare { get; set; }

    /// <summary>Versions of the adapters that were freed.</summary>
    public ConcurrentQueue<string> Released { get; } = [];

    /// <summary>An adapter that holds nothing but its version.</summary>
    public static BackendAdapter AdapterOf(string version) => new Adapter(version);

    /// <summary>Opens a sequence that holds some tokens.</summary>
    public KvSequence Open(IReadOnlyList<int> tokens, BackendAdapter? adapter = null)
    {
        var sequence = Open(adapter);
        _held[sequence].AddRange(tokens);
        sequence.Length = tokens.Count;
        return sequence;
    }

    /// <summary>Whether a sequence is a prompt's.</summary>
    public bool IsPrompt(KvSequence sequence) => _prompts.Contains(sequence);

    /// <summary>The tokens that a sequence holds.</summary>
    public IReadOnlyList<int> TokensOf(KvSequence sequence) => _held[sequence];

    public bool Disposed { get; private set; }

    /// <summary>The logits after some tokens; deterministic, ending a turn now and then.</summary>
    public static float[] LogitsAfter(IEnumerable<int> tokens, string? adapter = null, int vocabulary = ScriptedTokenizer.Vocabulary)
    {
        var hash = Hash([.. tokens], adapter);
        var logits = new float[vocabulary];
        Fill(hash, logits);
        return logits;
    }

    public long AdapterBytes(LoraAdapter adapter) => adapter.Bytes;

    public BackendAdapter Prepare(LoraAdapter adapter)
    {
        OnPrepare?.Invoke(adapter);
        return new Adapter(adapter.Version);
    }

    public void Release(BackendAdapter adapter)
    {
        Assert.DoesNotContain(_held.Keys, sequence => sequence.Adapter == adapter);
        Released.Enqueue(((Adapter)adapter).Version);
    }

    public KvSequence Open(BackendAdapter? adapter = null)
    {
        Assert.InRange(_prompts.Count, 0, MaxPrompts - 1);
        var sequence = new KvSequence { Adapter = adapter };
        _prompts.Add(sequence);
        _held.Add(sequence, []);
        return sequence;
    }

    public KvSequence Fork(KvSequence source)
    {
        Assert.Contains(source, _prompts);
        var fork = new KvSequence { Length = source.Length, Adapter = source.Adapter };
        _held.Add(fork, new List<int>(ContextLength));
        _held[fork].AddRange(_held[source]);
        Assert.InRange(_held.Count - _prompts.Count, 1, MaxSequences);
        return fork;
    }

    public void Close(KvSequence sequence)
    {
        Assert.True(_held.Remove(sequence));
        _prompts.Remove(sequence);
    }

    public ReadOnlySpan<float> Step(
        scoped ReadOnlySpan<StepPart> parts,
        scoped ReadOnlySpan<int> tokens,
        scoped ReadOnlySpan<int> logitRows,
        scoped ReadOnlySpan<int> hiddenRows = default)
    {
        if (Forgetful)
        {
            AllocatedBefore.Add(GC.GetAllocatedBytesForCurrentThread());
            return Compute(parts, tokens, logitRows, hiddenRows);
        }

        var forks = 0;
        var prompt = 0;
        foreach (var part in parts)
        {
            var isPrompt = _prompts.Contains(part.Sequence);
            (forks, prompt) = isPrompt ? (forks, prompt + part.Count) : (forks + 1, prompt);
            Assert.InRange(part.Count, isPrompt && part.Sequence.Length > 0 ? MinChunk : 1, isPrompt ? MaxChunk : MaxDrawn);
        }

        if (forks > 0)
        {
            OnDecodeWaits?.Invoke();
            DecodePermits?.Wait();
            OnDecode?.Invoke(forks);
        }

        if (prompt > 0)
        {
            OnPrefill?.Invoke(prompt);
        }

        // A step takes all sequences that are open, or one of them alone, and one prompt.
        OnStep?.Invoke([.. parts.ToArray().Select(part => part.Sequence)]);
        Assert.True(parts.Length == 1 || forks == _held.Count - _prompts.Count);
        Assert.InRange(parts.Length - forks, 0, 1);
        Assert.InRange(tokens.Length, 1, MaxChunk + MaxSequences);
        Assert.InRange(logitRows.Length + hiddenRows.Length, 0, MaxLogitRows + MaxSequences);
        Assert.Equal(parts.Length, parts.ToArray().Select(part => part.Sequence).Distinct().Count());
        Compute(parts, tokens, logitRows, hiddenRows);
        if (forks > 0)
        {
            Batches.Enqueue(forks);
        }

        if (prompt > 0)
        {
            Chunks.Enqueue(prompt);
        }

        return _results.AsSpan(0, logitRows.Length * VocabularySize);
    }

    private ReadOnlySpan<float> Compute(
        scoped ReadOnlySpan<StepPart> parts,
        scoped ReadOnlySpan<int> tokens,
        scoped ReadOnlySpan<int> logitRows,
        scoped ReadOnlySpan<int> hiddenRows)
    {
        _results = logitRows.Length * VocabularySize > _results.Length ? new float[logitRows.Length * VocabularySize] : _results;
        _hidden = hiddenRows.Length * HiddenSize > _hidden.Length ? new float[hiddenRows.Length * HiddenSize] : _hidden;
        var count = 0;
        foreach (var part in parts)
        {
            var held = _held[part.Sequence];
            for (var token = part.FirstToken; token < part.FirstToken + part.Count; token++, count++)
            {
                held.Add(tokens[token]);
                Fill(held, Version(part.Sequence), logitRows.IndexOf(token), _results, VocabularySize);
                Fill(held, Version(part.Sequence), hiddenRows.IndexOf(token), _hidden, HiddenSize);
            }

            part.Sequence.Length = held.Count;
            if (held.Count > ContextLength)
            {
                throw new InvalidOperationException($"a sequence has {held.Count} tokens");
            }
        }

        if (tokens.Length != count)
        {
            throw new InvalidOperationException($"the parts have {count} of {tokens.Length} tokens");
        }

        return _results.AsSpan(0, logitRows.Length * VocabularySize);
    }

    public ReadOnlySpan<float> Logits(int row) => _results.AsSpan(row * VocabularySize, VocabularySize);

    public ReadOnlySpan<float> Hidden(int row) => _hidden.AsSpan(row * HiddenSize, HiddenSize);

    public void Run(int chunks, Action<int, int> body)
    {
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            body(chunk, chunk % Threads);
        }
    }

    public void Truncate(KvSequence sequence, int length)
    {
        if (length < 0 || length > sequence.Length)
        {
            throw new InvalidOperationException($"a sequence of {sequence.Length} tokens is cut to {length}");
        }

        var held = _held[sequence];
        held.RemoveRange(length, held.Count - length);
        sequence.Length = length;
    }

    public KvBlock Save(KvSequence sequence, int start, int count)
    {
        var block = new KvCopy(s_memory, count, count * BytesPerToken);
        CollectionsMarshal.AsSpan(_held[sequence]).Slice(start, count).CopyTo(new Span<int>((void*)block.Address, count));
        return block;
    }

    public KvBlock Slice(KvBlock block, int start, int count)
    {
        var slice = new KvCopy(s_memory, count, count * BytesPerToken);
        new ReadOnlySpan<int>((int*)((KvCopy)block).Address, block.Tokens).Slice(start, count).CopyTo(new Span<int>((void*)slice.Address, count));
        return slice;
    }

    public void Load(KvSequence sequence, KvBlock block, int count)
    {
        Assert.InRange(count, 1, block.Tokens);
        _held[sequence].AddRange(new ReadOnlySpan<int>((int*)((KvCopy)block).Address, count));
        sequence.Length += count;
    }

    public void Dispose() => Disposed = true;

    private static uint Hash(ReadOnlySpan<int> tokens, string? adapter)
    {
        var hash = 17u;
        foreach (var letter in adapter ?? "")
        {
            hash += letter * 31u;
        }

        foreach (var token in tokens)
        {
            hash = ((hash ^ (uint)token) * 0x9E3779B1) + 0x7F4A7C15;
            hash ^= hash >> 15;
        }

        return hash;
    }

    private static void Fill(uint hash, Span<float> logits)
    {
        for (var i = 0; i < logits.Length; i++)
        {
            hash = (hash * 1664525) + 1013904223;
            logits[i] = (hash >> 8) / (float)(1 << 22);
        }

        logits[^1] -= 2;
    }

    private static void Fill(List<int> held, string? version, int row, Span<float> results, int width)
    {
        if (row >= 0)
        {
            Fill(Hash(CollectionsMarshal.AsSpan(held), version), results.Slice(row * width, width));
        }
    }

    private static string? Version(KvSequence sequence) => (sequence.Adapter as Adapter)?.Version;

    private sealed class Adapter(string version) : BackendAdapter
    {
        public string Version => version;
    }
}
