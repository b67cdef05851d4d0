using System.Runtime.CompilerServices;

namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>
/// Whether texts hold another, whatever the case. Short texts are mostly the same objects over and over, so that the answer
/// for one is kept, by identity, in a table of fixed size. For one thread.
/// </summary>
internal sealed class TextFinder(string wanted)
{
    private const int Slots = 1 << 13;
    private const int LongestKept = 96;

    private readonly string?[] _texts = new string?[Slots];
    private readonly bool[] _answers = new bool[Slots];

    /// <summary>Whether it is in the text.</summary>
    public bool IsIn(string text)
    {
        if (text.Length < wanted.Length)
        {
            return false;
        }

        if (text.Length > LongestKept)
        {
            return text.Contains(wanted, StringComparison.OrdinalIgnoreCase);
        }

        var slot = RuntimeHelpers.GetHashCode(text) & (Slots - 1);
        if (!ReferenceEquals(_texts[slot], text))
        {
            _texts[slot] = text;
            _answers[slot] = text.Contains(wanted, StringComparison.OrdinalIgnoreCase);
        }

        return _answers[slot];
    }
}
