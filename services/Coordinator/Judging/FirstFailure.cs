using System.Globalization;
using System.Text;

namespace O1Coder.Coordinator;

/// <summary>Says in one line what went wrong first.</summary>
internal static class FirstFailure
{
    private const int LongestPart = 120;

    /// <summary>The line; empty when every test passed.</summary>
    public static string InOneLine(V1.ExecuteResponse response)
    {
        if (response.Verdict == V1.Verdict.Accepted)
        {
            return "";
        }

        if (response.FirstFailure is not { } test)
        {
            return Cut(response.Message);
        }

        var input = Or(Cut(test.Input), "no input");
        var error = LastLine(test.Stderr);
        return error.Length > 0 && test.Verdict is not V1.Verdict.WrongAnswer
            ? $"{input}: {Cut(error)}"
            : test.Expected.Length > 0 || test.Actual.Length > 0
                ? $"{input}: expected {Or(Cut(test.Expected), "nothing")}, got {Or(Cut(test.Actual), "nothing")}"
                : $"{input}: {Or(Cut(response.Message), test.Verdict.ToString())}";
    }

    /// <summary>
    /// Input, expected, actual, error and trace of the first failing test, as the model may be shown them; empty when every
    /// test passed.
    /// </summary>
    public static string InFull(V1.ExecuteResponse response)
    {
        if (response.Verdict == V1.Verdict.Accepted)
        {
            return "";
        }

        var text = new StringBuilder();
        Append(text, "Verdict", response.Verdict.ToString());
        if (response.FirstFailure is { } test)
        {
            Append(text, "Input", test.Input);
            Append(text, "Expected", test.Expected);
            Append(text, "Actual", test.Actual);
            Append(text, "Error", test.Stderr);
        }
        else
        {
            Append(text, "Message", response.CompileLog.Length > 0 ? response.CompileLog : response.Message);
        }

        foreach (var step in response.Trace?.Steps ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"line {step.Line} ({step.Event}): {step.Source.Trim()}");
            text.Append(step.Changes.Count > 0 ? "   # " + string.Join(", ", step.Changes) : "").Append('\n');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string head, string body)
    {
        if (body.Trim().Length > 0)
        {
            text.Append(head).Append(":\n").Append(body.Trim()).Append('\n');
        }
    }

    private static string Or(string text, string whenEmpty) => text.Length > 0 ? text : whenEmpty;

    private static string LastLine(string text)
    {
        var trimmed = text.AsSpan().TrimEnd();
        return trimmed[(trimmed.LastIndexOf('\n') + 1)..].ToString();
    }

    private static string Cut(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= LongestPart)
        {
            return line;
        }

        // Never between the halves of a surrogate pair: neither the log nor the wire takes a half.
        var end = char.IsHighSurrogate(line[LongestPart - 1]) ? LongestPart - 1 : LongestPart;
        return string.Concat(line.AsSpan(0, end), "…");
    }
}
