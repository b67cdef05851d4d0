using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>A test that calls a function with plain data and compares what it returns, as APPS keeps it.</summary>
/// <param name="Arguments">A JSON list.</param>
/// <param name="Result">A JSON value; in a list of its own where the assertion accepts it with and without one.</param>
internal sealed record CallTest(string Arguments, string Result)
{
    /// <summary>Whether a text can be the name of a function.</summary>
    public static bool IsName(string text) => PythonSignature.IsValid($"def {text}():");

    /// <summary>The assertion.</summary>
    /// <param name="row">The row, for faults.</param>
    /// <param name="name">The function.</param>
    /// <param name="arguments">A JSON list.</param>
    /// <param name="result">A JSON value.</param>
    /// <param name="isWrapped">Whether the result is a list of one, which need not be there.</param>
    public static AssertionTest Of(JsonRow row, string name, JsonElement arguments, JsonElement result, bool isWrapped)
    {
        try
        {
            var call = $"{name}({string.Join(", ", arguments.EnumerateArray().Select(PythonJson.Of))})";
            var expected = PythonJson.Of(result);
            return new AssertionTest(isWrapped
                ? $"assert {call} in ({expected}, {PythonJson.Of(result[0])})"
                : $"assert {call} == {expected}");
        }
        catch (InvalidOperationException e)
        {
            throw row.Fault("inputs", "a text holds half of a surrogate pair; expected Unicode text", e);
        }
    }

    /// <summary>Reads an assertion; null when it is another kind of test.</summary>
    public static CallTest? Read(AssertionTest test, string name)
    {
        var code = test.Code;
        var at = 0;
        if (!Take(code, ref at, "assert") || !Take(code, ref at, name) || !Take(code, ref at, "("))
        {
            return null;
        }

        var arguments = new List<string>();
        while (!Take(code, ref at, ")"))
        {
            if (arguments.Count > 0 && !Take(code, ref at, ","))
            {
                return null;
            }

            if (arguments.Count > 0 && Take(code, ref at, ")"))
            {
                break; // A comma may stand behind the last argument.
            }

            if (PythonJson.ReadJson(code, ref at) is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
        }

        var isWrapped = Take(code, ref at, "in");
        if (isWrapped ? !Take(code, ref at, "(") : !Take(code, ref at, "=="))
        {
            return null;
        }

        var result = PythonJson.ReadJson(code, ref at);
        if (isWrapped && (!Take(code, ref at, ",") || PythonJson.ReadJson(code, ref at) is not { } bare || result != $"[{bare}]" || !Take(code, ref at, ")")))
        {
            return null;
        }

        PythonJson.SkipSpace(code, ref at);
        return result is not null && at == code.Length ? new CallTest($"[{string.Join(',', arguments)}]", result) : null;
    }

    private static bool Take(string code, ref int at, string text)
    {
        PythonJson.SkipSpace(code, ref at);
        var found = code.AsSpan(at).StartsWith(text, StringComparison.Ordinal);
        at += found ? text.Length : 0;
        return found;
    }
}
