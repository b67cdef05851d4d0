using O1Coder.V1;

namespace O1Coder.Sandbox.Judging;

/// <summary>What a program answered, apart from how it ended; <see cref="VerdictRule"/> weighs both.</summary>
/// <param name="Verdict">What the answer comes to; null where a checker program has still to say.</param>
/// <param name="Stands">Whether that is so however the program ended after it.</param>
internal sealed record Answer(Verdict? Verdict, bool Stands = false)
{
    /// <summary>The answer is right, which a clean end has to confirm.</summary>
    public static readonly Answer Right = new(V1.Verdict.Accepted);

    /// <summary>What was expected, for people.</summary>
    public string Expected { get; init; } = "";

    /// <summary>What came, for people.</summary>
    public string Actual { get; init; } = "";

    /// <summary>What went wrong, for people; goes behind the standard error.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The program ended before it had answered, by sys.exit(0) or the like: that is no answer.</summary>
    public static Answer Missing => new(V1.Verdict.WrongAnswer);

    /// <summary>What the judge of an assertion said.</summary>
    public static Answer OfJudge(JudgeReport? report) => Weigh(report) with { Expected = report?.Expected ?? "", Actual = report?.Actual ?? "" };

    private static Answer Weigh(JudgeReport? report) => report?.Outcome switch
    {
        "passed" => Right,
        "wrong" => new Answer(V1.Verdict.WrongAnswer, Stands: true),
        "ended" => Missing,
        "raised" => new Answer(V1.Verdict.RuntimeError, Stands: true) { Explanation = report.Error },
        "memory" => new Answer(V1.Verdict.MemoryLimit, Stands: true) { Explanation = report.Error },
        "output-limit" => new Answer(V1.Verdict.OutputLimit, Stands: true),
        _ => new Answer(V1.Verdict.RuntimeError),
    };
}
