namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>
/// What "select graphic rendition" (ECMA-48, CSI … m) has set so far. Colours 0–15 are classes of the theme, so that they can
/// be read on both grounds; the 256 and 24-bit ones are as they are.
/// </summary>
internal record struct AnsiStyle
{
    private string? _foreground;
    private string? _background;
    private bool _bold;
    private bool _faint;
    private bool _italic;
    private bool _underlined;
    private bool _struck;
    private bool _reversed;

    /// <summary>CSS classes for what is set.</summary>
    public readonly string Classes
    {
        get
        {
            var (front, back) = _reversed ? (_background, _foreground) : (_foreground, _background);
            var names = new List<string>(4);
            Add(names, IsIndexed(front), $"ansi-{front}");
            Add(names, IsIndexed(back), $"ansi-bg-{back}");
            Add(names, _reversed && front is null && back is null, "ansi-reversed");
            Add(names, _bold, "ansi-bold");
            Add(names, _faint, "ansi-faint");
            Add(names, _italic, "ansi-italic");
            Add(names, _underlined, "ansi-underlined");
            Add(names, _struck, "ansi-struck");
            return string.Join(' ', names);
        }
    }

    /// <summary>Inline colours for what is set.</summary>
    public readonly string Style
    {
        get
        {
            var (front, back) = _reversed ? (_background, _foreground) : (_foreground, _background);
            var parts = new List<string>(2);
            Add(parts, front is ['#', ..], $"color:{front}");
            Add(parts, back is ['#', ..], $"background:{back}");
            return string.Join(';', parts);
        }
    }

    /// <summary>Takes the parameters of one sequence; unknown ones change nothing.</summary>
    public void Apply(ReadOnlySpan<int> parameters)
    {
        if (parameters.IsEmpty)
        {
            this = default;
            return;
        }

        for (var at = 0; at < parameters.Length; at++)
        {
            var code = parameters[at];
            if (code is 38 or 48)
            {
                at += TakeColour(parameters[(at + 1)..], code is 38);
            }
            else
            {
                Apply(code);
            }
        }
    }

    private void Apply(int code)
    {
        switch (code)
        {
            case 0: this = default; break;
            case 1: _bold = true; break;
            case 2: _faint = true; break;
            case 3: _italic = true; break;
            case 4: _underlined = true; break;
            case 7: _reversed = true; break;
            case 9: _struck = true; break;
            case 22: (_bold, _faint) = (false, false); break;
            case 23: _italic = false; break;
            case 24: _underlined = false; break;
            case 27: _reversed = false; break;
            case 29: _struck = false; break;
            case 39: _foreground = null; break;
            case 49: _background = null; break;
            case >= 30 and <= 37: _foreground = (code - 30).ToString(); break;
            case >= 40 and <= 47: _background = (code - 40).ToString(); break;
            case >= 90 and <= 97: _foreground = (code - 90 + 8).ToString(); break;
            case >= 100 and <= 107: _background = (code - 100 + 8).ToString(); break;
        }
    }

    // "5;N" or "2;R;G;B" after 38 or 48; gives how many parameters it took.
    private int TakeColour(ReadOnlySpan<int> rest, bool front)
    {
        var (colour, taken) = rest switch
        {
            [5, var index and >= 0 and <= 255, ..] => (Indexed(index), 2),
            [2, var red and >= 0 and <= 255, var green and >= 0 and <= 255, var blue and >= 0 and <= 255, ..] => ($"#{red:x2}{green:x2}{blue:x2}", 4),
            _ => (null, rest.Length),
        };
        if (front)
        {
            _foreground = colour ?? _foreground;
        }
        else
        {
            _background = colour ?? _background;
        }

        return taken;
    }

    // xterm's palette: sixteen, a cube of 6 × 6 × 6, twenty-four greys.
    private static string Indexed(int index)
    {
        if (index < 16)
        {
            return index.ToString();
        }

        if (index >= 232)
        {
            var grey = 8 + ((index - 232) * 10);
            return $"#{grey:x2}{grey:x2}{grey:x2}";
        }

        static int Level(int step) => step == 0 ? 0 : 55 + (step * 40);
        var cube = index - 16;
        return $"#{Level(cube / 36):x2}{Level(cube / 6 % 6):x2}{Level(cube % 6):x2}";
    }

    private static bool IsIndexed(string? colour) => colour is not null and not ['#', ..];

    private static void Add(List<string> to, bool when, string what)
    {
        if (when)
        {
            to.Add(what);
        }
    }
}
