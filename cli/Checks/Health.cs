namespace O1Coder.Cli.Checks;

/// <summary>How something that the system needs is doing.</summary>
internal enum Health
{
    /// <summary>It is there and works.</summary>
    Ok,

    /// <summary>The main job runs, but slower or less safely than it might.</summary>
    Warning,

    /// <summary>The main job cannot run.</summary>
    Missing,
}
