using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>
/// Answers by idempotency key: a request that comes again gets the first one's answer, or waits for it. They live in this
/// process alone: after its end a caller's retry runs the program again, which harms nothing.
/// </summary>
internal sealed class IdempotentAnswers(TimeProvider clock)
{
    private const long OwnBytes = 512;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(10);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, Entry Entry, long At)> _kept = [];
    private long _bytes;

    /// <summary>The most bytes that kept answers take together; the oldest go first.</summary>
    public long MostBytes { get; init; } = 64 << 20;

    /// <summary>Answers that are kept or under way.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The answer to a request; without a key it is simply run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="run">Runs it; cancelled when nobody waits for the answer any more.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller.</param>
    /// <exception cref="RpcException">AlreadyExists: the key came with another request within ten minutes.</exception>
    public async Task<ExecuteResponse> GetAsync(
        ExecuteRequest request, Func<CancellationToken, Task<ExecuteResponse>> run, CancellationToken cancellationToken)
    {
        var key = request.IdempotencyKey;
        if (key.Length == 0)
        {
            return await run(cancellationToken);
        }

        var entry = Join(key, Digest(request), run);
        try
        {
            return await entry.Answer!.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(key, entry);
        }
    }

    private Entry Join(string key, byte[] digest, Func<CancellationToken, Task<ExecuteResponse>> run)
    {
        lock (_gate)
        {
            Expire();
            if (!_entries.TryGetValue(key, out var entry))
            {
                entry = _entries[key] = new Entry(digest);
                entry.Answer = AnswerAsync(key, entry, run);
            }
            else if (!entry.Digest.AsSpan().SequenceEqual(digest))
            {
                throw new RpcException(new Status(StatusCode.AlreadyExists,
                    $"idempotency_key is '{key}': it came with another request within the last ten minutes"));
            }

            entry.Waiters++;
            return entry;
        }
    }

    private void Leave(string key, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Waiters > 0 || entry.Answer!.IsCompleted)
            {
                return;
            }

            Remove(key, entry);
        }

        entry.Abandon();
    }

    private async Task<ExecuteResponse> AnswerAsync(string key, Entry entry, Func<CancellationToken, Task<ExecuteResponse>> run)
    {
        await Task.Yield(); // the caller holds the gate
        try
        {
            var answer = await run(entry.Abandoned);
            lock (_gate)
            {
                Keep(key, entry, answer);
            }

            return answer;
        }
        catch
        {
            // An error is no answer: whoever comes again has it run again.
            lock (_gate)
            {
                Remove(key, entry);
            }

            throw;
        }
        finally
        {
            entry.Dispose();
        }
    }

    private void Keep(string key, Entry entry, ExecuteResponse answer)
    {
        if (answer.Verdict == Verdict.InternalError || !_entries.TryGetValue(key, out var held) || held != entry)
        {
            Remove(key, entry);
            return;
        }

        entry.Bytes = answer.CalculateSize() + (2 * key.Length) + OwnBytes;
        _bytes += entry.Bytes;
        _kept.Enqueue((key, entry, clock.GetTimestamp()));
        Expire();
    }

    private void Expire()
    {
        while (_kept.TryPeek(out var oldest) && (_bytes > MostBytes || clock.GetElapsedTime(oldest.At) > s_lifetime))
        {
            _kept.Dequeue();
            _bytes -= oldest.Entry.Bytes;
            Remove(oldest.Key, oldest.Entry);
        }
    }

    private void Remove(string key, Entry entry)
    {
        if (_entries.TryGetValue(key, out var held) && held == entry)
        {
            _entries.Remove(key);
        }
    }

    private static byte[] Digest(ExecuteRequest request)
    {
        using var bytes = new MemoryStream();
        // Two maps of the same content are the same request, in whatever order their entries came.
        var output = new CodedOutputStream(bytes, leaveOpen: true) { Deterministic = true };
        request.WriteTo(output);
        output.Flush();
        return SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>One key's request and answer.</summary>
    private sealed class Entry(byte[] digest) : IDisposable
    {
        private readonly CancellationTokenSource _abandoned = new();

        public byte[] Digest { get; } = digest;

        public Task<ExecuteResponse>? Answer { get; set; }

        /// <summary>Callers that wait for the answer.</summary>
        public int Waiters { get; set; }

        public long Bytes { get; set; }

        public CancellationToken Abandoned => _abandoned.Token;

        public void Abandon()
        {
            try
            {
                _abandoned.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The run ended by itself in between.
                return;
            }
        }

        public void Dispose() => _abandoned.Dispose();
    }
}
