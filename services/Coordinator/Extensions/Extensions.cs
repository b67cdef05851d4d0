using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator;

/// <summary>What this service is made of.</summary>
internal static class Extensions
{
    /// <summary>
    /// Adds the search service, its clients of Policy and Sandbox, and its cache: Redis under the connection string
    /// "redis" where there is one, with values in this process before it.
    /// </summary>
    public static WebApplicationBuilder AddCoordinator(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddServiceClient<V1.PolicyService.PolicyServiceClient>("policy");
        services.AddServiceClient<V1.SandboxService.SandboxServiceClient>("sandbox");
        services.AddServiceClient<V1.TcgService.TcgServiceClient>("tcg");
        services.AddServiceClient<V1.PrmService.PrmServiceClient>("prm");
        services.AddServiceClient<V1.TrainerService.TrainerServiceClient>("trainer");
        services.AddSingleton(_ => CoordinatorOptions.From(builder.Configuration));
        services.AddSingleton(TimeProvider.System);
        AddCache(services, builder.Configuration.GetConnectionString("redis"));
        services.AddSingleton<PolicyGenerator>();
        services.AddSingleton<SandboxRunner>();
        services.AddSingleton<TestWriter>();
        services.AddSingleton<StepRewards>();
        services.AddSingleton<EventStreams>();
        services.AddSingleton<SearchSlots>();
        services.AddSingleton<SearchRunner>();
        services.AddSingleton<ProblemSearch>();
        services.AddSingleton<ManyRuns>();
        services.AddHostedService<Resumption>();
        services.AddSingleton<ISearches, Searches>();
        services.AddSingleton<AdapterLoader>();
        services.AddSingleton<StepScores>();
        services.AddSingleton<WrittenTests>();
        services.AddSingleton<IEvaluator, Evaluator>();
        services.AddSelfPlay();
        return builder.AddCluster();
    }

    /// <summary>
    /// Runs the service until it is told to stop. Options and cache are made before, so that wrong settings are told now,
    /// and Redis is connected when the first search comes.
    /// </summary>
    /// <inheritdoc cref="ServiceRunExtensions.RunServiceAsync"/>
    public static Task<int> RunCoordinatorAsync(this WebApplication app, TextWriter? errors = null) =>
        app.RunServiceAsync(errors, services =>
        {
            services.GetRequiredService<CoordinatorOptions>();
            services.GetRequiredService<ClusterOptions>();
            services.GetRequiredService<ISearchCache>();
        });

    private static void AddCache(IServiceCollection services, string? redis)
    {
        if (string.IsNullOrWhiteSpace(redis))
        {
            services.AddSingleton<ISearchCache>(provider => Near(provider));
            return;
        }

        services.AddSingleton(provider => new RedisCache(
            redis, provider.GetRequiredService<CoordinatorOptions>(), provider.GetRequiredService<ILogger<RedisCache>>()));
        services.AddSingleton<ISearchCache>(provider => new TieredCache(Near(provider), provider.GetRequiredService<RedisCache>()));
    }

    private static MemoryCache Near(IServiceProvider provider) =>
        new(provider.GetRequiredService<CoordinatorOptions>().MemoryCacheBytes);
}
