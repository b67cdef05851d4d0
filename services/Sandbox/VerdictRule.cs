using O1Coder.Sandbox.Judging;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>Turns what a supervisor saw into a verdict. Nothing a program does comes to InternalError.</summary>
internal static class VerdictRule
{
    private const int SigSys = 31;
    private const int SigKill = 9;
    private const int SigXcpu = 24;

    /// <summary>The verdict of one run; null when the program ended as it should and its answer decides.</summary>
    /// <param name="facts">What was seen.</param>
    /// <param name="answer">What the program's answer alone comes to.</param>
    public static Verdict? Decide(BoxFacts facts, Answer answer)
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

        // A wrong answer stands, however the program ended after it; only a right one needs a clean end too.
        if (answer.Stands)
        {
            return answer.Verdict;
        }

        // Without the harness's word that it compiled, nothing of the program was run.
        if (facts.ExitStatus != 0 || !facts.Compiled)
        {
            return signal == SigXcpu ? Verdict.TimeLimit : OutOfMemory(facts, signal) ? Verdict.MemoryLimit : Verdict.RuntimeError;
        }

        return answer.Verdict;
    }

    private static bool OutOfMemory(BoxFacts facts, int signal) =>
        (facts.Oom && signal is SigKill or 0) || (signal == 0 && EndsWithMemoryError(facts.ErrorOutput));

    /// <summary>An uncaught MemoryError is the last line of the traceback; a program that forges it fails all the same.</summary>
    private static bool EndsWithMemoryError(ReadOnlySpan<byte> stderr)
    {
        var text = stderr.TrimEnd("\r\n "u8);
        return text[(text.LastIndexOf((byte)'\n') + 1)..].StartsWith("MemoryError"u8);
    }
}
