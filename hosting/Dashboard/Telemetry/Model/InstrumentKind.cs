namespace O1Coder.Hosting.Dashboard.Telemetry.Model;

/// <summary>What the numbers of an instrument are.</summary>
public enum InstrumentKind
{
    /// <summary>A value as it is now.</summary>
    Gauge,

    /// <summary>A total that only grows: shown as a rate.</summary>
    Counter,

    /// <summary>A total that goes up and down: shown as it is.</summary>
    UpDownCounter,

    /// <summary>How often values fell into which range.</summary>
    Histogram,
}
