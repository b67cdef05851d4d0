using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Turns what a supervisor saw into a verdict. Nothing a program does comes to InternalError.</summary>
internal static class VerdictRule
{
    private const int SigSys = 31;
    private const int SigKill = 9;
    private const int SigXcpu = 24;

    /// <summary>The verdict of one run.</summary>
    /// <param name="facts">What was seen.</param>
    /// <param name="isFunction">Whether a judge had to evaluate an assertion; else the output is compared.</param>
    /// <param name="expected">Of a script: the expected output, UTF-8.</param>
    public static Verdict Decide(BoxFacts facts, bool isFunction, ReadOnlySpan<byte> expected)
    {
        if (facts.Error is not null)
        {
            return Verdict.InternalError;
        }

        switch (facts.Reason)
        {
            case "cpu" or "wall":
                return Verdict.TimeLimit;
            case "memory":
                return Verdict.MemoryLimit;
            case "output":
                return Verdict.OutputLimit;
            default:
                break;
        }

        var signal = facts.Status is int status ? status & 0x7f : SigKill;
        if (signal == SigSys)
        {
            return Verdict.PolicyViolation;
        }

        if (facts.Judge is { Outcome: "compile-error" } || facts.CompileError is not null)
        {
            return Verdict.CompileError;
        }

        // The judge's word stands, however the program ended after it; only a pass needs a clean end too.
        if (facts.Judge is { Outcome: "wrong" or "raised" or "memory" or "output-limit" })
        {
            return OfJudge(facts);
        }

        // Without the harness's word that it compiled, nothing of the program was run.
        if (facts.ExitStatus != 0 || !facts.Compiled)
        {
            return signal == SigXcpu ? Verdict.TimeLimit : OutOfMemory(facts, signal) ? Verdict.MemoryLimit : Verdict.RuntimeError;
        }

        if (isFunction)
        {
            return OfJudge(facts);
        }

        return TokenComparison.Equal(facts.Output, expected) ? Verdict.Accepted : Verdict.WrongAnswer;
    }

    private static Verdict OfJudge(BoxFacts facts) => facts.Judge?.Outcome switch
    {
        "passed" => Verdict.Accepted,
        "wrong" => Verdict.WrongAnswer,
        // The program ended before it had answered, by sys.exit(0) or the like: that is no answer.
        "ended" => Verdict.WrongAnswer,
        "memory" => Verdict.MemoryLimit,
        "output-limit" => Verdict.OutputLimit,
        _ => Verdict.RuntimeError,
    };

    private static bool OutOfMemory(BoxFacts facts, int signal) =>
        (facts.Oom && signal is SigKill or 0) || (signal == 0 && EndsWithMemoryError(facts.ErrorOutput));

    /// <summary>An uncaught MemoryError is the last line of the traceback; a program that forges it fails all the same.</summary>
    private static bool EndsWithMemoryError(ReadOnlySpan<byte> stderr)
    {
        var text = stderr.TrimEnd("\r\n "u8);
        return text[(text.LastIndexOf((byte)'\n') + 1)..].StartsWith("MemoryError"u8);
    }
}
