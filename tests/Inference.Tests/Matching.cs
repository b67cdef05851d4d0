using System.Text;
using O1Coder.Inference.Sampling.Constraints;

namespace O1Coder.Inference.Tests;

/// <summary>Walks a constraint's automaton byte by byte.</summary>
internal static class Matching
{
    /// <summary>Whether a whole text matches.</summary>
    public static bool Matches(this Constraint constraint, string text) => constraint.Matches(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether some bytes match as a whole.</summary>
    public static bool Matches(this Constraint constraint, ReadOnlySpan<byte> text)
    {
        var automaton = new ConstraintAutomaton(constraint.Network);
        var state = Walk(automaton, text);
        return state != ConstraintAutomaton.Dead && automaton.Accepts(state);
    }

    /// <summary>Whether a text may be the beginning of one that matches.</summary>
    public static bool Begins(this Constraint constraint, ReadOnlySpan<byte> text) =>
        Walk(new ConstraintAutomaton(constraint.Network), text) != ConstraintAutomaton.Dead;

    /// <summary>
    /// A text that matches: some bytes at random, none of them the first of a character beyond U+FFFF, then the shortest way
    /// to the end. Null if there is none: then a state was alive that leads nowhere.
    /// </summary>
    public static string? RandomMatch(this Constraint constraint, Random random)
    {
        var automaton = new ConstraintAutomaton(constraint.Network);
        var bytes = new List<byte>();
        var state = automaton.Start;
        for (var length = random.Next(12); length > 0; length--)
        {
            var next = Alive(automaton, state).ToArray();
            if (next.Length == 0)
            {
                break;
            }

            var value = next[random.Next(next.Length)];
            bytes.Add(value);
            state = automaton.Step(state, value);
        }

        return ShortestEnd(automaton, state) is { } end ? new UTF8Encoding(false, true).GetString([.. bytes, .. end]) : null;
    }

    private static byte[]? ShortestEnd(ConstraintAutomaton automaton, int state)
    {
        var open = new Queue<(int State, byte[] Path)>([(state, [])]);
        var known = new HashSet<int> { state };
        while (open.TryDequeue(out var at))
        {
            if (automaton.Accepts(at.State))
            {
                return at.Path;
            }

            foreach (var value in Alive(automaton, at.State))
            {
                var next = automaton.Step(at.State, value);
                if (known.Add(next))
                {
                    open.Enqueue((next, [.. at.Path, value]));
                }
            }
        }

        return null;
    }

    private static IEnumerable<byte> Alive(ConstraintAutomaton automaton, int state) =>
        Enumerable.Range(0, 0xF0).Select(value => (byte)value).Where(value => automaton.Step(state, value) != ConstraintAutomaton.Dead);

    private static int Walk(ConstraintAutomaton automaton, ReadOnlySpan<byte> text)
    {
        var state = automaton.Start;
        foreach (var value in text)
        {
            if (state == ConstraintAutomaton.Dead)
            {
                break;
            }

            state = automaton.Step(state, value);
        }

        return state;
    }
}
