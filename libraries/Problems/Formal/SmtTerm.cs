using System.Numerics;

namespace O1Coder.Problems;

/// <summary>A term of SMT-LIB 2 (Barrett, Fontaine, Tinelli: The SMT-LIB Standard, version 2.6).</summary>
/// <param name="Sort">Its sort.</param>
/// <param name="Text">Its text, made of our own words, our own names and digits alone.</param>
internal sealed record SmtTerm(SmtSort Sort, string Text)
{
    /// <summary>true.</summary>
    public static SmtTerm True { get; } = new(SmtSort.Bool, "true");

    /// <summary>false.</summary>
    public static SmtTerm False { get; } = new(SmtSort.Bool, "false");

    /// <summary>Its value where it is a number; null for other terms.</summary>
    public BigInteger? Constant { get; private init; }

    /// <summary>A number.</summary>
    public static SmtTerm Of(BigInteger value) => new(SmtSort.Int, value < 0 ? $"(- {-value})" : $"{value}") { Constant = value };

    /// <summary>A function of terms.</summary>
    public static SmtTerm Call(SmtSort sort, string function, params IReadOnlyList<SmtTerm> terms) =>
        new(sort, $"({function} {string.Join(' ', terms.Select(term => term.Text))})");

    /// <summary>Not.</summary>
    public static SmtTerm Not(SmtTerm term) => term == True ? False : term == False ? True : Call(SmtSort.Bool, "not", term);

    /// <summary>All of two.</summary>
    public static SmtTerm And(SmtTerm left, SmtTerm right) =>
        left == False || right == False ? False : left == True ? right : right == True ? left : Call(SmtSort.Bool, "and", left, right);

    /// <summary>One of two at least.</summary>
    public static SmtTerm Or(SmtTerm left, SmtTerm right) =>
        left == True || right == True ? True : left == False ? right : right == False ? left : Call(SmtSort.Bool, "or", left, right);

    /// <summary>One or the other; two of different sorts become numbers.</summary>
    public static SmtTerm If(SmtTerm condition, SmtTerm then, SmtTerm otherwise)
    {
        if (then.Sort != otherwise.Sort)
        {
            return If(condition, then.AsInt(), otherwise.AsInt());
        }

        return condition == True || then == otherwise ? then : condition == False ? otherwise : Call(then.Sort, "ite", condition, then, otherwise);
    }

    /// <summary>As a number: True is 1.</summary>
    public SmtTerm AsInt() => Sort == SmtSort.Int ? this : If(this, Of(1), Of(0));

    /// <summary>Its truth: a number is true unless it is 0.</summary>
    public SmtTerm AsBool() => Sort == SmtSort.Bool ? this
        : Constant is { } value ? (value.IsZero ? False : True)
        : Not(Call(SmtSort.Bool, "=", this, Of(0)));
}
