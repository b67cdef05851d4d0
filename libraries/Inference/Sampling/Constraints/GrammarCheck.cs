namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// Refuses grammars that cannot be run: rules that never end, from which no answer could be completed, and left recursion,
/// which would open rules for ever without reading a byte.
/// </summary>
internal sealed class GrammarCheck(IReadOnlyList<PatternNode> bodies, IReadOnlyList<string> names)
{
    private enum Mark
    {
        New,
        Open,
        Done,
    }

    private readonly Mark[] _marks = new Mark[bodies.Count];
    private bool[] _nullable = [];

    /// <summary>Checks all rules.</summary>
    /// <exception cref="ConstraintException">A rule cannot be run.</exception>
    public void Run()
    {
        var ending = Fixpoint(ofCharacter: true);
        var endless = Array.IndexOf(ending, false);
        if (endless >= 0)
        {
            throw ConstraintException.At(bodies[endless].Position, $"a rule '{names[endless]}' that comes to an end");
        }

        _nullable = Fixpoint(ofCharacter: false);
        for (var rule = 0; rule < bodies.Count; rule++)
        {
            RefuseLeftRecursion(rule);
        }
    }

    // Which rules can match at all when a character can (ofCharacter), or match the empty text when it cannot.
    private bool[] Fixpoint(bool ofCharacter)
    {
        var holds = new bool[bodies.Count];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var rule = 0; rule < bodies.Count; rule++)
            {
                if (!holds[rule] && Holds(bodies[rule], holds, ofCharacter))
                {
                    holds[rule] = changed = true;
                }
            }
        }

        return holds;
    }

    private static bool Holds(PatternNode node, bool[] rules, bool ofCharacter) => node switch
    {
        PatternNode.Sequence sequence => sequence.Parts.All(part => Holds(part, rules, ofCharacter)),
        PatternNode.Choice choice => choice.Alternatives.Any(part => Holds(part, rules, ofCharacter)),
        PatternNode.Repetition repetition => repetition.Least == 0 || Holds(repetition.Part, rules, ofCharacter),
        PatternNode.Call call => rules[call.Rule],
        _ => ofCharacter,
    };

    private void RefuseLeftRecursion(int rule)
    {
        if (_marks[rule] == Mark.Open)
        {
            throw ConstraintException.At(bodies[rule].Position, $"a rule '{names[rule]}' that does not begin with itself");
        }

        if (_marks[rule] == Mark.New)
        {
            _marks[rule] = Mark.Open;
            foreach (var first in FirstCalls(bodies[rule]))
            {
                RefuseLeftRecursion(first);
            }

            _marks[rule] = Mark.Done;
        }
    }

    // The rules that may be called before a byte is read.
    private IEnumerable<int> FirstCalls(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Call call:
                return [call.Rule];
            case PatternNode.Choice choice:
                return choice.Alternatives.SelectMany(FirstCalls);
            case PatternNode.Repetition repetition:
                return repetition.Most == 0 ? [] : FirstCalls(repetition.Part);
            case PatternNode.Sequence sequence:
                var read = sequence.Parts.TakeWhile(part => Holds(part, _nullable, ofCharacter: false)).Count();
                return sequence.Parts.Take(read + 1).SelectMany(FirstCalls);
            default:
                return [];
        }
    }
}
