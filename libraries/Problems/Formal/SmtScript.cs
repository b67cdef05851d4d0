using System.Text;

namespace O1Coder.Problems;

/// <summary>
/// A script of SMT-LIB 2 that grows: arguments, then named terms. Every word in it is ours or made of digits: what a program
/// calls its variables never gets here.
/// </summary>
internal sealed class SmtScript
{
    // Shorter terms may as well stand twice.
    private const int LongestUnnamed = 40;
    private const int MostNames = 5_000;

    private readonly StringBuilder _lines = new("(set-logic ALL)\n");
    private int _names;

    /// <summary>The arguments, in their order.</summary>
    public List<SmtTerm> Arguments { get; } = [];

    /// <summary>A new argument.</summary>
    public SmtTerm Argument(SmtSort sort)
    {
        var term = new SmtTerm(sort, $"a{Arguments.Count}");
        _lines.Append($"(declare-const {term.Text} {sort})\n");
        Arguments.Add(term);
        return term;
    }

    /// <summary>The term, under a name where it is long.</summary>
    /// <exception cref="NotCheckableException">There are too many.</exception>
    public SmtTerm Share(SmtTerm term)
    {
        if (term.Text.Length <= LongestUnnamed)
        {
            return term;
        }

        return Name(term);
    }

    /// <summary>The term under a name, whose value a solver can be asked for.</summary>
    /// <exception cref="NotCheckableException">There are too many.</exception>
    public SmtTerm Name(SmtTerm term)
    {
        if (_names == MostNames)
        {
            throw new NotCheckableException($"more than {MostNames} steps of computing are not covered");
        }

        var named = new SmtTerm(term.Sort, $"t{_names++}");
        _lines.Append($"(define-fun {named.Text} () {term.Sort} {term.Text})\n");
        return named;
    }

    /// <summary>The whole text that asks whether some conditions can hold together, and for which arguments.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="further">Terms whose values are asked for beside the arguments'.</param>
    public string Asking(IReadOnlyList<SmtTerm> conditions, params IReadOnlyList<SmtTerm> further)
    {
        var asked = Arguments.Concat(further).Select(term => term.Text).ToList();
        return $"{_lines}{string.Concat(conditions.Select(condition => $"(assert {condition.Text})\n"))}(check-sat)\n"
            + (asked.Count > 0 ? $"(get-value ({string.Join(' ', asked)}))\n" : "");
    }
}
