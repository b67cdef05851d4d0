namespace O1Coder.Coordinator;

/// <summary>What self-play is made of. It also needs an <see cref="IEvaluator"/>.</summary>
internal static class SelfPlayExtensions
{
    /// <summary>Adds self-play.</summary>
    public static IServiceCollection AddSelfPlay(this IServiceCollection services) => services
        .AddSingleton(new SelfPlayOptions())
        .AddSingleton<Outages>()
        .AddSingleton<RunsFolder>()
        .AddSingleton<PlayServices>()
        .AddSingleton<PlayRunner>();
}
