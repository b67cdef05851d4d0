using Aspire.Hosting.ApplicationModel;

namespace O1Coder.Hosting;

/// <summary>Says that a process which ends with an exit code other than 0 is started again. No part of Aspire's API.</summary>
/// <param name="Attempts">How often in a row; a run that lasted longer than <paramref name="Settled"/> is not counted.</param>
/// <param name="FirstDelay">How long to wait before the first of them; each further one waits twice as long.</param>
/// <param name="LastDelay">The longest wait.</param>
/// <param name="Settled">How long a run lasts that makes an end of the row.</param>
public sealed record RestartPolicy(int Attempts, TimeSpan FirstDelay, TimeSpan LastDelay, TimeSpan Settled) : IResourceAnnotation
{
    /// <summary>How long to wait before an attempt.</summary>
    /// <param name="attempt">The attempt, from 1.</param>
    internal TimeSpan Delay(int attempt)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt - 1, 30));
        return delay < LastDelay ? delay : LastDelay;
    }
}
