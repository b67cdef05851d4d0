using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace O1Coder.Inference.Scheduling;

/// <summary>
/// What a request's reader has yet to be told. The engine's thread writes numbers and characters into lists that keep their
/// room, so that writing allocates nothing; the reader, on its own thread, takes everything that has gathered and makes events
/// of it: what it keeps is its own. Unbounded, so that a slow reader holds nobody up; finite all the same: one entry a token.
/// One reader, and one writer at a time.
/// </summary>
/// <param name="gather">Tokens that are gathered before the reader is woken; events wake it at once.</param>
/// <param name="room">Entries to make room for.</param>
/// <param name="likeliest">Likeliest tokens that are told at each position.</param>
/// <param name="tellsSampling">Whether log-probabilities of the distributions that were drawn from are told.</param>
internal sealed class AnswerStream(int gather, int room, int likeliest, bool tellsSampling) : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private Batch _written = new(room, likeliest, tellsSampling);
    private Batch _taken = new(room, likeliest, tellsSampling);
    private ManualResetValueTaskSourceCore<bool> _wake;
    private Exception? _error;
    private bool _completed;
    private bool _due;
    private bool _waiting;

    /// <summary>Adds an event.</summary>
    public void Write(GenerationEvent happened)
    {
        lock (_gate)
        {
            _written.Entries.Add(new AnswerEntry { Event = happened });
            Due();
        }
    }

    /// <summary>Adds a token, or text alone.</summary>
    /// <param name="entry">The token; its place in the text is filled in here.</param>
    /// <param name="text">What has become certain with it.</param>
    /// <param name="likeliest">The likeliest tokens at its position, if they were asked for.</param>
    public void Write(AnswerEntry entry, ReadOnlySpan<char> text, ReadOnlySpan<TokenLogProbability> likeliest = default)
    {
        lock (_gate)
        {
            (entry.TextAt, entry.TextLength) = (_written.Characters.Count, text.Length);
            _written.Characters.AddRange(text);
            (entry.LikeliestAt, entry.LikeliestLength) = (_written.Likeliest.Count, likeliest.Length);
            _written.Likeliest.AddRange(likeliest);
            _written.Entries.Add(entry);
            if (++_written.Tokens >= gather)
            {
                Due();
            }
        }
    }

    /// <summary>Ends the stream, after what has been written; the first end counts.</summary>
    /// <param name="error">What the reader is told at the end, or null.</param>
    public void Complete(Exception? error = null)
    {
        lock (_gate)
        {
            if (!_completed)
            {
                (_completed, _error) = (true, error);
                Due();
            }
        }
    }

    /// <summary>Wakes the reader, whatever there is for it.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            Due();
        }
    }

    /// <summary>Waits until there is something to take. For the reader, one wait at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_due || _completed)
            {
                return ValueTask.CompletedTask;
            }

            _wake.Reset();
            _waiting = true;
            return new ValueTask(this, _wake.Version);
        }
    }

    /// <summary>Takes what has gathered, as events: of each sequence's tokens between two events one chunk.</summary>
    /// <param name="events">Where they are added.</param>
    /// <returns>Whether more may come.</returns>
    /// <exception cref="Exception">The stream ended with an error, and everything before it has been taken.</exception>
    public bool Take(List<GenerationEvent> events)
    {
        lock (_gate)
        {
            if (_written.Entries.Count == 0 && _completed)
            {
                return _error is not null ? throw _error : false;
            }

            _due = false;
            (_written, _taken) = (_taken, _written);
        }

        _taken.Drain(events);
        return true;
    }

    /// <inheritdoc/>
    public void GetResult(short token) => _wake.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _wake.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wake.OnCompleted(continuation, state, token, flags);

    /// <summary>Lets the reader go on, on a thread of the pool.</summary>
    public void Execute() => _wake.SetResult(true);

    private void Due()
    {
        _due = true;
        if (_waiting)
        {
            _waiting = false;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private sealed class Batch(int room, int likeliestRoom, bool tellsSampling)
    {
        private const int Told = -1;
        private const int CharactersAToken = 4;

        private readonly List<char> _text = [];

        public List<AnswerEntry> Entries { get; } = new(room);

        public List<char> Characters { get; } = new(CharactersAToken * room);

        public List<TokenLogProbability> Likeliest { get; } = new(likeliestRoom * room);

        public int Tokens { get; set; }

        public void Drain(List<GenerationEvent> events)
        {
            var entries = CollectionsMarshal.AsSpan(Entries);
            for (var i = 0; i < entries.Length; i++)
            {
                if (entries[i].Event is { } happened)
                {
                    events.Add(happened);
                }
                else if (entries[i].Sequence != Told)
                {
                    events.Add(Chunk(entries[i..]));
                }
            }

            Entries.Clear();
            Characters.Clear();
            Likeliest.Clear();
            Tokens = 0;
        }

        // All of the sequence's entries; nothing follows its end.
        private SequenceChunk Chunk(Span<AnswerEntry> entries)
        {
            var (sequence, count) = (entries[0].Sequence, 0);
            foreach (ref readonly var entry in entries)
            {
                count += IsPart(entry) && entry.Token != AnswerEntry.NoToken ? 1 : 0;
            }

            var (tokens, at) = (new int[count], 0);
            var (sampling, model) = (new float[tellsSampling ? count : 0], new float[count]);
            var likeliest = likeliestRoom == 0 ? null : new TokenLogProbability[count][];
            _text.Clear();
            foreach (ref var entry in entries)
            {
                if (!IsPart(entry))
                {
                    continue;
                }

                _text.AddRange(CollectionsMarshal.AsSpan(Characters).Slice(entry.TextAt, entry.TextLength));
                if (entry.Token != AnswerEntry.NoToken)
                {
                    (tokens[at], model[at]) = (entry.Token, entry.Model);
                    if (tellsSampling)
                    {
                        sampling[at] = entry.Sampling;
                    }

                    if (likeliest is not null)
                    {
                        likeliest[at] = CollectionsMarshal.AsSpan(Likeliest).Slice(entry.LikeliestAt, entry.LikeliestLength).ToArray();
                    }

                    at++;
                }

                entry.Sequence = Told;
            }

            return new SequenceChunk(sequence, tokens, new string(CollectionsMarshal.AsSpan(_text)), sampling, model)
            {
                TopLogProbabilities = likeliest ?? [],
            };

            bool IsPart(in AnswerEntry entry) => entry.Event is null && entry.Sequence == sequence;
        }
    }
}
