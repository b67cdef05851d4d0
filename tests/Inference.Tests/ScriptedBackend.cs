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
    private readonly Dictionary<KvSequence, float[]> _logits = [];
    private KvSequence? _open;

    /// <summary>When set, every decode step waits for one permit.</summary>
    public SemaphoreSlim? DecodePermits { get; init; }

    /// <summary>Called before every prefill.</summary>
    public Action<int>? OnPrefill { get; set; }

    /// <summary>Called with the batch size before every decode step, after its permit.</summary>
    public Action<int>? OnDecode { get; set; }

    /// <summary>Batch sizes of all decode steps.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    /// <summary>Tokens of all prefills.</summary>
    public ConcurrentQueue<int> Chunks { get; } = [];

    public string Name => "scripted";

    public string Precision => "none";

    public int VocabularySize { get; init; } = ScriptedTokenizer.Vocabulary;

    public int MaxSequences { get; init; } = 4;

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

    /// <summary>The tokens that a sequence holds.</summary>
    public IReadOnlyList<int> TokensOf(KvSequence sequence) => _held[sequence];

    public bool Disposed { get; private set; }

    /// <summary>The logits after some tokens; deterministic, ending a turn now and then.</summary>
    public static float[] LogitsAfter(IEnumerable<int> tokens, string? adapter = null, int vocabulary = ScriptedTokenizer.Vocabulary)
    {
        var hash = 17u + (uint)(adapter ?? "").Sum(letter => letter * 31);
        foreach (var token in tokens)
        {
            hash = ((hash ^ (uint)token) * 0x9E3779B1) + 0x7F4A7C15;
            hash ^= hash >> 15;
        }

        var logits = new float[vocabulary];
        for (var i = 0; i < logits.Length; i++)
        {
            hash = (hash * 1664525) + 1013904223;
            logits[i] = (hash >> 8) / (float)(1 << 22);
        }

        logits[^1] -= 2;
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
        Assert.Null(_open);
        _open = new KvSequence { Adapter = adapter };
        _held.Add(_open, []);
        return _open;
    }

    public KvSequence Fork(KvSequence source)
    {
        Assert.Same(_open, source);
        var fork = new KvSequence { Length = source.Length, Adapter = source.Adapter };
        _held.Add(fork, [.. _held[source]]);
        Assert.InRange(_held.Count - 1, 1, MaxSequences);
        return fork;
    }

    public void Close(KvSequence sequence)
    {
        Assert.True(_held.Remove(sequence));
        _open = sequence == _open ? null : _open;
    }

    public ReadOnlySpan<float> Prefill(KvSequence sequence, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows)
    {
        OnPrefill?.Invoke(tokens.Length);
        Assert.Same(_open, sequence);
        Assert.InRange(tokens.Length, sequence.Length == 0 ? 1 : MinChunk, MaxChunk);
        Assert.InRange(logitRows.Length, 0, MaxLogitRows);
        Chunks.Enqueue(tokens.Length);
        var held = _held[sequence];
        var rows = new List<float>();
        for (var i = 0; i < tokens.Length; i++)
        {
            held.Add(tokens[i]);
            if (logitRows.Contains(i))
            {
                rows.AddRange(LogitsAfter(held, Version(sequence), VocabularySize));
            }
        }

        Assert.Equal(logitRows.Length * VocabularySize, rows.Count);

        sequence.Length = held.Count;
        Assert.InRange(sequence.Length, 1, ContextLength);
        return rows.ToArray();
    }

    public void Decode(ReadOnlySpan<KvSequence> batch, ReadOnlySpan<int> tokens)
    {
        DecodePermits?.Wait();
        OnDecode?.Invoke(batch.Length);
        var adapter = batch[0].Adapter;
        Assert.Equal(_held.Keys.Count(sequence => sequence != _open && sequence.Adapter == adapter), batch.Length);
        Assert.InRange(batch.Length, 1, MaxSequences);
        Batches.Enqueue(batch.Length);
        _logits.Clear();
        for (var i = 0; i < batch.Length; i++)
        {
            Assert.Same(adapter, batch[i].Adapter);
            _held[batch[i]].Add(tokens[i]);
            batch[i].Length++;
            Assert.InRange(batch[i].Length, 1, ContextLength - 1);
            _logits.Add(batch[i], LogitsAfter(_held[batch[i]], Version(batch[i]), VocabularySize));
        }
    }

    public ReadOnlySpan<float> Logits(KvSequence sequence) => _logits[sequence];

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

    private static string? Version(KvSequence sequence) => (sequence.Adapter as Adapter)?.Version;

    private sealed class Adapter(string version) : BackendAdapter
    {
        public string Version => version;
    }
}
