namespace O1Coder.Inference.Scheduling;

/// <summary>
/// Guesses what a sequence says next: what followed the last place where prompt and answer said the same as at their end
/// (prompt lookup decoding, Saxena 2023). How many tokens it dares to guess follows from how many were right lately: a guess
/// is only worth its row of the step if it is likely enough to be read. Nothing of what is drawn depends on it.
/// </summary>
internal sealed class NextGuesser
{
    // Tokens at the end that are looked for: longer ones first, as what follows them is surer.
    private const int LongestMatch = 4;
    private const int ShortestMatch = 3;

    // Guesses that have been right count this much less with every new one.
    private const double Memory = 0.9;

    // Before anything is known: three of four.
    private const double FirstRight = 3;
    private const double FirstCount = 4;

    // Where guesses were poor, one token is guessed once in so many, to see whether they still are.
    private const int TokensBetweenTrials = 16;

    private readonly int[] _tokens;
    private readonly int[] _guess;
    private readonly int _most;
    private double _right = FirstRight;
    private double _count = FirstCount;
    private int _length;
    private int _sinceTrial;

    /// <summary>Begins with a prompt.</summary>
    /// <param name="prompt">Its tokens.</param>
    /// <param name="room">Tokens of prompt and answer at most.</param>
    /// <param name="most">Tokens that are guessed at once at most.</param>
    public NextGuesser(ReadOnlySpan<int> prompt, int room, int most)
    {
        (_tokens, _guess, _most, _length) = (new int[Math.Max(room, prompt.Length)], new int[most], most, prompt.Length);
        prompt.CopyTo(_tokens);
    }

    /// <summary>The share of guesses that were right lately.</summary>
    public double Acceptance => _right / _count;

    /// <summary>A token was drawn.</summary>
    public void Add(int token)
    {
        _tokens[_length++] = token;
        _sinceTrial++;
    }

    /// <summary>Guesses what comes next.</summary>
    /// <param name="least">How likely the last token that is guessed must be to be right with all before it.</param>
    /// <param name="most">Tokens at most.</param>
    /// <returns>Tokens, perhaps none; valid until the next guess.</returns>
    public ReadOnlySpan<int> Guess(double least, int most)
    {
        var count = Math.Min(Math.Min(_most, most), Daring(least));
        if (count <= 0)
        {
            return [];
        }

        var text = _tokens.AsSpan(0, _length);
        for (var match = LongestMatch; match >= ShortestMatch; match--)
        {
            if (_length <= match)
            {
                continue;
            }

            // The end itself is no earlier place.
            var at = text[..^1].LastIndexOf(text[^match..]);
            if (at >= 0)
            {
                return Copy(at + match, count);
            }
        }

        return [];
    }

    /// <summary>What became of a guess.</summary>
    /// <param name="guessed">Tokens guessed.</param>
    /// <param name="right">Of them, those that were drawn, up to the first that was not.</param>
    public void Learn(int guessed, int right)
    {
        var wrong = right < guessed ? 1 : 0;
        for (var i = 0; i < right + wrong; i++)
        {
            _right = (_right * Memory) + (i < right ? 1 : 0);
            _count = (_count * Memory) + 1;
        }

        _sinceTrial = 0;
    }

    // The largest k with acceptance^k at least so much.
    private int Daring(double least)
    {
        var acceptance = Math.Min(Acceptance, 0.98);
        var count = acceptance <= 0 ? 0 : (int)(Math.Log(least) / Math.Log(acceptance));
        return count > 0 ? count : _sinceTrial >= TokensBetweenTrials ? 1 : 0;
    }

    // What follows a place; behind the end it goes on with what it guessed, so that a run is a run.
    private ReadOnlySpan<int> Copy(int from, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _guess[i] = from + i < _length ? _tokens[from + i] : _guess[from + i - _length];
        }

        return _guess.AsSpan(0, count);
    }
}
