using O1Coder.Hosting.Dashboard.ConsoleLogs;

namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>The connection to the AppHost.</summary>
internal static class AppHostExtensions
{
    /// <summary>Adds it; without an address nothing is connected.</summary>
    /// <exception cref="InvalidOperationException">The configured address is none.</exception>
    public static void AddAppHost(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(AppHostOptions.From(configuration));
        services.AddSingleton<AppHostState>();
        services.AddSingleton<AppHostClient>();
        services.AddHostedService<AppHostWatcher>();
        services.AddHostedService<ConsoleCollector>();
    }
}
