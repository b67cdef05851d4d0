namespace O1Coder.Coordinator;

/// <summary>Settings of self-play that no request chooses.</summary>
internal sealed record SelfPlayOptions
{
    /// <summary>Times that a piece of work is begun again because a service was away.</summary>
    public int OutageRetries { get; init; } = 12;

    /// <summary>The pause before the first of these; it doubles up to <see cref="LongestOutageDelay"/>.</summary>
    public TimeSpan OutageDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause. With the defaults a service may be away for about 50 s.</summary>
    public TimeSpan LongestOutageDelay { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Time between two progress events.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a trainer is waited for when its job is to be stopped.</summary>
    public TimeSpan CancelDeadline { get; init; } = TimeSpan.FromMilliseconds(800);
}
