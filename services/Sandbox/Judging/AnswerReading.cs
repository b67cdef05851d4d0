using O1Coder.Sandbox.Checking;
using O1Coder.Sandbox.Plain;
using O1Coder.V1;

namespace O1Coder.Sandbox.Judging;

/// <summary>
/// Reads what a box said of a call, as <c>Launcher/harness.py</c> and the drivers of the other languages say it:
/// <c>["value", nonce, value]</c>, <c>["unsendable", nonce, outcome, why]</c> or <c>["passed" | "failed" | "raised", nonce, text]</c>.
/// Exactly one frame with the nonce is an answer. The program shares the box with who sends it and can write what it
/// likes; what it cannot do is know the expected value.
/// </summary>
internal static class AnswerReading
{
    /// <summary>The answer to a call or to a test inside.</summary>
    public static Answer Of(TestPlan plan, ReadOnlyMemory<byte> frames, Checker? checker)
    {
        var expected = plan.Mode == BoxMode.Call ? PlainText.Show(plan.Expected) : "";
        List<PlainValue> said;
        try
        {
            said = WireReader.ReadFrames(frames);
        }
        catch (PlainFormatException exception)
        {
            return Wrong(exception.Message) with { Expected = expected };
        }

        if (said.Count == 0)
        {
            return Answer.Missing with { Expected = expected };
        }

        var answer = said.Count == 1 && said[0] is { Kind: PlainKind.List, Items: [{ Text: var kind }, { Text: var nonce }, ..] items } && nonce == plan.Nonce
            ? Of(plan, kind, items, checker)
            : Wrong("the program wrote on the line that its answers come over");
        return answer with { Expected = answer.Expected.Length > 0 ? answer.Expected : expected };
    }

    private static Answer Of(TestPlan plan, string kind, IReadOnlyList<PlainValue> items, Checker? checker) => (kind, plan.Mode, items.Count) switch
    {
        ("value", BoxMode.Call, 3) => OfValue(plan, items[2], checker),
        ("unsendable", BoxMode.Call, 4) => items[2].Text == "output-limit"
            ? new Answer(Verdict.OutputLimit, Stands: true) { Actual = items[3].Text }
            : Wrong(items[3].Text),
        ("passed", BoxMode.Inside, 2) => Answer.Right,
        ("failed", BoxMode.Inside, 3) => Wrong(items[2].Text),
        ("raised", BoxMode.Inside, 3) => new Answer(Verdict.RuntimeError, Stands: true) { Explanation = items[2].Text },
        _ => Wrong("malformed data: an unknown answer"),
    };

    private static Answer OfValue(TestPlan plan, PlainValue value, Checker? checker)
    {
        var shown = PlainText.Show(value);
        if (plan.IsJson && checker?.Kind == CheckerKind.Program)
        {
            return new Answer(null) { Actual = PlainText.Json(value) };
        }

        var equal = plan.ByIdentity ? value.Kind == plan.Expected.Kind && value.Integer == plan.Expected.Integer
            : plan.IsJson ? OutputComparison.Equal(checker, plan.Expected, value)
            : new PlainEquality(0, jsonKeys: false).Equal(plan.Expected, value);
        return equal ? Answer.Right with { Actual = shown } : Wrong(shown);
    }

    private static Answer Wrong(string actual) => new(Verdict.WrongAnswer, Stands: true) { Actual = actual };
}
