using System.Runtime.InteropServices;

namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>Where one answer stands in its constraint. One thread at a time uses it.</summary>
internal sealed class ConstraintCursor
{
    private readonly TokenMasks _masks;
    private readonly List<byte> _read;

    /// <summary>An answer's beginning.</summary>
    public ConstraintCursor(TokenMasks masks) => (_masks, _read) = (masks, []);

    /// <summary>A copy, which goes on by itself.</summary>
    public ConstraintCursor(ConstraintCursor source) =>
        (_masks, _read, State, Automaton) = (source._masks, [.. source._read], source.State, source.Automaton);

    /// <summary>The automaton's state; only <see cref="TokenMasks"/> looks at it.</summary>
    internal int State { get; set; }

    /// <summary>Whose state it is; after a change the state is found again from what was read.</summary>
    internal ConstraintAutomaton? Automaton { get; set; }

    /// <summary>The answer's bytes so far.</summary>
    internal ReadOnlySpan<byte> Read => CollectionsMarshal.AsSpan(_read);

    /// <summary>One bit a token: those that may come next.</summary>
    /// <exception cref="ConstraintException">The constraint needs too many states.</exception>
    public ReadOnlySpan<ulong> Allowed() => _masks.Allowed(this);

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
