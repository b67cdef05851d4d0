using System.Diagnostics;

namespace O1Coder.Trainer;

/// <summary>The largest resident memory of this process while a job ran; see proc(5).</summary>
internal static class JobMemory
{
    /// <summary>The peak since the last <see cref="Reset"/>, bytes.</summary>
    public static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>Begins anew.</summary>
    public static void Reset()
    {
        try
        {
            // 5 sets the peak resident set size to the current one.
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The peak of an earlier job stands then.
        }
    }
}
