using System.Runtime.InteropServices;

namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>Where one answer stands in its constraint. One thread at a time uses it.</summary>
internal sealed class ConstraintCursor
{
    private readonly TokenMasks _masks;
    private readonly List<byte> _read;
    private readonly ulong[] _allowed;

    /// <summary>An answer's beginning.</summary>
    public ConstraintCursor(TokenMasks masks) => (_masks, _read, _allowed) = (masks, [], new ulong[masks.Words]);

    /// <summary>A copy, which goes on by itself.</summary>
    /// <param name="source">What is copied.</param>
    /// <param name="room">Bytes to make room for beside those that were read.</param>
    public ConstraintCursor(ConstraintCursor source, int room = 0)
        : this(source._masks)
    {
        (State, Automaton) = (source.State, source.Automaton);
        _read.Capacity = source._read.Count + room;
        _read.AddRange(source._read);
    }

    /// <summary>The automaton's state; only <see cref="TokenMasks"/> looks at it.</summary>
    internal int State { get; set; }

    /// <summary>Whose state it is; after a change the state is found again from what was read.</summary>
    internal ConstraintAutomaton? Automaton { get; set; }

    /// <summary>The answer's bytes so far.</summary>
    internal ReadOnlySpan<byte> Read => CollectionsMarshal.AsSpan(_read);

    /// <summary>One bit a token: those that may come next. Valid until the next call.</summary>
    /// <exception cref="ConstraintException">The constraint needs too many states.</exception>
    public ReadOnlySpan<ulong> Allowed()
    {
        _masks.Allowed(this, _allowed);
        return _allowed;
    }

    /// <summary>Goes on by a token's bytes; false if the answer can no longer match, and then the cursor is of no more use.</summary>
    /// <exception cref="ConstraintException">The constraint needs too many states.</exception>
    public bool TryAdvance(ReadOnlySpan<byte> bytes)
    {
        var alive = _masks.TryAdvance(this, bytes);
        _read.AddRange(bytes);
        return alive;
    }

    /// <summary>Whether the answer matches and nothing can be added.</summary>
    /// <exception cref="ConstraintException">The constraint needs too many states.</exception>
    public bool IsComplete() => _masks.IsComplete(this);
}
