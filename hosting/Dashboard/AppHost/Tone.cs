namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>How a state is coloured.</summary>
internal enum Tone
{
    /// <summary>Nothing to look at.</summary>
    Soft,

    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>On its way.</summary>
    Info,

    /// <summary>To be looked at.</summary>
    Warn,

    /// <summary>Wrong.</summary>
    Bad,
}
