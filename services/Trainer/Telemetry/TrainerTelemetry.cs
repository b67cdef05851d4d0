using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace O1Coder.Trainer;

/// <summary>Spans and measures of this service, under the name "O1Coder.Trainer".</summary>
internal static class TrainerTelemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "O1Coder.Trainer";

    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_jobs = s_meter.CreateCounter<long>("o1coder.trainer.jobs", "{job}", "Runs of jobs, by method and end.");
    private static readonly Counter<long> s_steps = s_meter.CreateCounter<long>("o1coder.trainer.steps", "{step}", "Steps of the optimiser, by method.");
    private static readonly ActivitySource s_source = new(Name);

    /// <summary>Begins the span of one run of a job; null where nobody listens.</summary>
    public static Activity? Begin(Job job) => s_source.StartActivity("train")
        ?.SetTag("o1coder.job", job.Description.JobId).SetTag("o1coder.trainer.method", job.Spec.Method.ToString());

    /// <summary>Counts a step that was taken, not told again.</summary>
    public static void CountStep(Job job) => s_steps.Add(1, Method(job));

    /// <summary>Counts a run's end.</summary>
    public static void End(Activity? span, Job job, V1.JobEnded ended)
    {
        s_jobs.Add(1, Method(job), new KeyValuePair<string, object?>("state", ended.State.ToString()));
        span?.SetTag("o1coder.trainer.state", ended.State.ToString());
        if (ended.State == V1.JobState.Failed)
        {
            span?.SetStatus(ActivityStatusCode.Error, ended.Message);
        }
    }

    private static KeyValuePair<string, object?> Method(Job job) => new("method", job.Spec.Method.ToString());
}
