using System.Text;

namespace O1Coder.Models;

/// <summary>One rendering: what is written so far, and how much may still be done.</summary>
internal sealed class TemplateRun
{
    /// <summary>Steps that a rendering may take; a chat of a thousand messages takes some ten thousand.</summary>
    private const int MostSteps = 5_000_000;

    /// <summary>Characters and items that may be made in all, written or not.</summary>
    public const int MostCharacters = 64 << 20;

    private const int DeepestCall = 50;

    private int _steps;
    private long _characters;
    private int _calls;

    /// <summary>Where text is written.</summary>
    public StringBuilder Output { get; private set; } = new();

    /// <summary>Counts work.</summary>
    /// <param name="characters">Characters that are made.</param>
    /// <exception cref="TemplateException">It is too much.</exception>
    public void Step(int characters = 0)
    {
        _characters += characters;
        if (++_steps > MostSteps || _characters > MostCharacters)
        {
            throw new TemplateException($"takes more than {MostSteps} steps or makes more than {MostCharacters} characters");
        }
    }

    /// <summary>Counts what was made.</summary>
    public void Count(object? made) => Step(made is string text ? text.Length : made is List<object?> list ? list.Count : 0);

    /// <summary>Writes text.</summary>
    public void Write(string text)
    {
        Step(text.Length);
        Output.Append(text);
    }

    /// <summary>What something writes, as a text.</summary>
    /// <exception cref="TemplateException">Calls are nested too deeply.</exception>
    public string Capture(Action write)
    {
        if (++_calls > DeepestCall)
        {
            throw new TemplateException($"calls are nested more than {DeepestCall} deep");
        }

        var outer = Output;
        Output = new StringBuilder();
        write();
        var text = Output.ToString();
        Output = outer;
        _calls--;
        return text;
    }
}
