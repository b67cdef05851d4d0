using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.UserSecrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

/// <summary>Builds an application on a generic host; see <see cref="DistributedApplication.CreateBuilder(string[])"/>.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    // Two more than the orchestrator takes at most: the host's deadline must not cut its clean-up short.
    private static readonly TimeSpan s_shutdownTimeout = ApplicationOrchestrator.StopLimit + TimeSpan.FromSeconds(2);

    private readonly HostApplicationBuilder _host;

    private readonly BuilderHook? _hook = BuilderHook.Current;

    /// <summary>A builder with a command line.</summary>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>A builder with options.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        _hook?.OnCreating(options, settings);
        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(new AssemblyName(name)) : Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? ProjectDirectory(AppHostAssembly) ?? Directory.GetCurrentDirectory();
        settings.ContentRootPath ??= AppHostDirectory;
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        _host = Host.CreateApplicationBuilder(settings);
        var publishing = PublishingOptions.Read(options.Args);
        ExecutionContext = new DistributedApplicationExecutionContext(
            publishing.Publisher is null ? DistributedApplicationOperation.Run : DistributedApplicationOperation.Publish);
        _host.Configuration["AppHost:Directory"] = AppHostDirectory;
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);

        // Why a start failed is in the exception that the caller gets, and health is shown as a state.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddSimpleConsole(console => console.SingleLine = true);

        Services.AddHealthChecks();
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdownTimeout);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton(services => new ResourceNotificationService(
            services.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>(), services));
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton(services => new ResourceCommandService(services));
        Services.AddSingleton(Eventing);
        Services.AddSingleton(options);
        var appHost = new AppHostAssembly(AppHostAssembly);
        Services.AddSingleton(appHost);
        Services.AddSingleton(new UserSecretsStore(UserSecretsStore.PathOf(appHost.UserSecretsId), Configuration));
        Services.AddSingleton<DashboardHealthCheck>();
        Services.AddHealthChecks().AddCheck<DashboardHealthCheck>(DashboardHealthCheck.Key);
        Services.AddSingleton<ResourceServiceHost>();
        Services.AddSingleton<DashboardLauncher>();
        Services.AddSingleton<ValueResources>();
        Services.AddSingleton<EnvironmentComposer>();
        Services.AddSingleton<ApplicationOrchestrator>();
        Services.AddSingleton(publishing);
        Services.AddSingleton(new AppHostFolder(AppHostDirectory));
        Services.AddKeyedSingleton<IDistributedApplicationPublisher, ManifestPublisher>(ManifestPublisher.Name);
        Services.AddKeyedSingleton<IDistributedApplicationPublisher, KubernetesPublisher>(KubernetesPublisher.Name);
        if (ExecutionContext.IsPublishMode)
        {
            Services.AddHostedService<PublishRun>();
            return;
        }

        if (options.EnableResourceLogging)
        {
            Services.AddHostedService<ResourceConsole>();
        }

        // With a dashboard somebody can start a failed dependency again.
        Services.AddOptions<ResourceNotificationServiceOptions>().Configure<DashboardLauncher>((waits, dashboard) =>
            waits.DefaultWaitBehavior = dashboard.IsEnabled ? WaitBehavior.WaitOnResourceUnavailable : WaitBehavior.StopOnResourceUnavailable);

        // Up before the first resource and until the last has ended.
        Services.AddHostedService(services => services.GetRequiredService<ResourceServiceHost>());
        Services.AddHostedService(services => services.GetRequiredService<ApplicationOrchestrator>());
        _hook?.OnCreated(this);
    }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public string AppHostDirectory { get; }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc />
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (Resources.FirstOrDefault(known => string.Equals(known.Name, resource.Name, StringComparison.OrdinalIgnoreCase))
            is { } existing)
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type " +
                $"'{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new DistributedApplicationResourceBuilder<T>(this, resource);

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        _hook?.OnBuilding(this);
        var application = new DistributedApplication(_host.Build());
        _hook?.OnBuilt(application);
        return application;
    }

    // Written by the generated class Projects.<AppHost>.
    private static string? ProjectDirectory(Assembly? assembly)
    {
        var directory = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value;
        return Directory.Exists(directory) ? directory : null;
    }
}
