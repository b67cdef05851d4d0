using System.Collections.Immutable;
using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>All that a screen shows of an evaluation.</summary>
/// <param name="Job">What was asked for.</param>
/// <param name="Arms">Where each arm stands.</param>
/// <param name="Running">The number of the arm that runs, or ran last.</param>
internal sealed record EvaluationView(EvaluateJob Job, ImmutableArray<ArmView> Arms, int Running)
{
    /// <summary>The state before the first event.</summary>
    public static EvaluationView Of(EvaluateJob job) => new(
        job,
        [.. job.Arms.Select(arm => new ArmView(arm.Name, [.. arm.Request.Problems.Select(problem => problem.Id)]))],
        0);

    /// <summary>The arm that runs.</summary>
    public ArmView Current => Arms[Running];

    /// <summary>The comparison, once all arms have ended and there are two.</summary>
    public Comparison? Comparison => Arms.Length == 2 && Arms.All(arm => arm.Finished is not null)
        ? Comparison.Of(Arms[0], Arms[1])
        : null;

    /// <summary>The state after an event of the running arm.</summary>
    public EvaluationView Apply(EvaluateResponse response) => this with { Arms = Arms.SetItem(Running, Current.Apply(response)) };
}
