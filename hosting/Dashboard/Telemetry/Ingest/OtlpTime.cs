namespace O1Coder.Hosting.Dashboard.Telemetry.Ingest;

/// <summary>Times of OTLP, which counts nanoseconds since 1970.</summary>
internal static class OtlpTime
{
    private const int NanosPerTick = 100;

    /// <summary>UTC ticks. Every number is a time that exists: the last one is in the year 2554.</summary>
    public static long Ticks(ulong nanos) => DateTime.UnixEpoch.Ticks + (long)(nanos / NanosPerTick);

    /// <summary>Nanoseconds since 1970; 0 for what was before.</summary>
    public static ulong Nanos(long ticks) => (ulong)Math.Max(0, ticks - DateTime.UnixEpoch.Ticks) * NanosPerTick;
}
