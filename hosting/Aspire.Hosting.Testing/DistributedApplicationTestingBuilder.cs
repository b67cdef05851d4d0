using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Makes builders of applications under test.</summary>
/// <example>
/// <code>
/// var appHost = await DistributedApplicationTestingBuilder.CreateAsync&lt;Projects.AppHost>();
/// await using var app = await appHost.BuildAsync();
/// await app.StartAsync();
/// await app.ResourceNotifications.WaitForResourceHealthyAsync("api");
/// using var client = app.CreateHttpClient("api");
/// </code>
/// </example>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs an AppHost's entry point until it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost, for example <c>Projects.AppHost</c>.</typeparam>
    /// <exception cref="InvalidOperationException">The AppHost ended without building an application.</exception>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), cancellationToken);

    /// <summary>Runs an AppHost's entry point with arguments until it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost, for example <c>Projects.AppHost</c>.</typeparam>
    /// <exception cref="InvalidOperationException">The AppHost ended without building an application.</exception>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Runs an AppHost's entry point with arguments until it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost, for example <c>Projects.AppHost</c>.</typeparam>
    /// <param name="args">The arguments.</param>
    /// <param name="configureBuilder">Changes what the builder is made with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The AppHost ended without building an application.</exception>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>Runs an AppHost's entry point until it builds its application.</summary>
    /// <exception cref="InvalidOperationException">The AppHost ended without building an application.</exception>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, [], cancellationToken);

    /// <summary>Runs an AppHost's entry point with arguments until it builds its application.</summary>
    /// <exception cref="InvalidOperationException">The AppHost ended without building an application.</exception>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <summary>Runs an AppHost's entry point with arguments until it builds its application.</summary>
    /// <param name="entryPoint">A type of the AppHost.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="configureBuilder">Changes what the builder is made with.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The AppHost ended without building an application.</exception>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var run = new EntryPointRun(entryPoint.Assembly, args, configureBuilder, _ => { }, _ => { });
        return new SuspendedBuilder(await run.BuilderAsync(cancellationToken), run);
    }

    /// <summary>A builder without resources.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => Create(args, (_, _) => { });

    /// <summary>A builder without resources.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="configureBuilder">Changes what the builder is made with.</param>
    public static IDistributedApplicationTestingBuilder Create(string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var hook = new TestingDefaults(null, args, configureBuilder);
        return new SuspendedBuilder(hook.Make(), run: null);
    }
}
