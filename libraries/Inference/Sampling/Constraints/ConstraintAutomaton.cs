using System.Runtime.InteropServices;

namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// The deterministic automaton of a network, made state by state as it is walked. A state is a set of configurations: a state
/// of the network and a stack of states to return to. Stacks share their lower ends, and equal ones are one number, so
/// comparing sets compares numbers. Bounded in size; one thread at a time.
/// </summary>
internal sealed class ConstraintAutomaton
{
    /// <summary>Stands for the state from which nothing matches.</summary>
    public const int Dead = -1;

    private const int Unknown = -2;
    private const int MostConfigurations = 8192;
    private const int MostCells = 1 << 21;

    // The stack of a rule that nobody called; numbers of others follow.
    private const int NoStack = 0;

    private readonly ConstraintNetwork _network;
    private readonly List<(int Behind, int Below)> _stacks = [default];
    private readonly Dictionary<(int Behind, int Below), int> _stackNumbers = [];
    private readonly List<long[]> _states = [];
    private readonly List<bool> _accepts = [];
    private readonly List<int> _next = [];
    private readonly Dictionary<StateKey, int> _stateNumbers = [];
    private readonly HashSet<long> _reached = [];
    private readonly Stack<long> _open = [];
    private readonly List<long> _reading = [];
    private bool _accepting;
    private long _cells;

    /// <summary>Makes the automaton with its first state alone.</summary>
    /// <exception cref="ConstraintException">The first state is too large.</exception>
    public ConstraintAutomaton(ConstraintNetwork network)
    {
        _network = network;
        Reach(network.Start, NoStack);
        Start = Close();
    }

    /// <summary>The first state.</summary>
    public int Start { get; }

    /// <summary>Whether so much is taken that a new automaton should begin; at least as much again is left.</summary>
    public bool IsHalfFull => _cells > MostCells / 2;

    /// <summary>Whether what was read is a whole match.</summary>
    public bool Accepts(int state) => _accepts[state];

    /// <summary>Whether what was read is a whole match and no longer one begins with it.</summary>
    public bool IsComplete(int state) => _accepts[state] && _states[state].Length == 0;

    /// <summary>The state after a byte, or <see cref="Dead"/>.</summary>
    /// <exception cref="ConstraintException">The automaton would grow too large.</exception>
    public int Step(int state, byte value)
    {
        var at = (state * _network.ByteOf.Length) + _network.ClassOf[value];
        var next = _next[at];
        return next != Unknown ? next : _next[at] = Make(state, _network.ByteOf[_network.ClassOf[value]]);
    }

    private int Make(int state, byte value)
    {
        foreach (var configuration in _states[state])
        {
            foreach (var (low, high, target) in _network.Edges[StateOf(configuration)])
            {
                if (low <= value && value <= high)
                {
                    Reach(target, StackOf(configuration));
                }
            }
        }

        return Close();
    }

    // Follows what reads nothing from everywhere that was reached, and gives the set its number.
    private int Close()
    {
        while (_open.TryPop(out var configuration))
        {
            var (state, stack) = (StateOf(configuration), StackOf(configuration));
            foreach (var target in _network.Empty[state])
            {
                Reach(target, stack);
            }

            foreach (var (first, behind) in _network.Calls[state])
            {
                Reach(first, behind < 0 ? stack : Push(behind, stack));
            }

            if (_network.Ends[state])
            {
                if (stack == NoStack)
                {
                    _accepting = true;
                }
                else
                {
                    Reach(_stacks[stack].Behind, _stacks[stack].Below);
                }
            }

            if (_network.Edges[state].Length > 0)
            {
                _reading.Add(configuration);
            }
        }

        var number = _reading.Count == 0 && !_accepting ? Dead : Number();
        Forget();
        return number;
    }

    private int Number()
    {
        _reading.Sort();
        var key = new StateKey([.. _reading], _accepting);
        if (!_stateNumbers.TryGetValue(key, out var number))
        {
            Take(_network.ByteOf.Length + (2 * _reading.Count) + 16);
            number = _states.Count;
            _stateNumbers.Add(key, number);
            _states.Add(key.Configurations);
            _accepts.Add(_accepting);
            CollectionsMarshal.SetCount(_next, _next.Count + _network.ByteOf.Length);
            CollectionsMarshal.AsSpan(_next)[^_network.ByteOf.Length..].Fill(Unknown);
        }

        return number;
    }

    private void Reach(int state, int stack)
    {
        var configuration = ((long)stack << 32) | (uint)state;
        if (_reached.Add(configuration))
        {
            if (_reached.Count > MostConfigurations)
            {
                throw TooLarge();
            }

            _open.Push(configuration);
        }
    }

    private int Push(int behind, int below)
    {
        if (!_stackNumbers.TryGetValue((behind, below), out var number))
        {
            Take(12);
            number = _stacks.Count;
            _stacks.Add((behind, below));
            _stackNumbers.Add((behind, below), number);
        }

        return number;
    }

    private void Take(int cells)
    {
        _cells += cells;
        if (_cells > MostCells)
        {
            throw TooLarge();
        }
    }

    private ConstraintException TooLarge()
    {
        Forget();
        return new ConstraintException("one that can be followed with fewer states; it is ambiguous over long stretches");
    }

    private void Forget()
    {
        _reached.Clear();
        _open.Clear();
        _reading.Clear();
        _accepting = false;
    }

    private static int StateOf(long configuration) => (int)configuration;

    private static int StackOf(long configuration) => (int)(configuration >> 32);

    private readonly record struct StateKey(long[] Configurations, bool Accepts)
    {
        public bool Equals(StateKey other) =>
            Accepts == other.Accepts && Configurations.AsSpan().SequenceEqual(other.Configurations);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes<long>(Configurations));
            hash.Add(Accepts);
            return hash.ToHashCode();
        }
    }
}
