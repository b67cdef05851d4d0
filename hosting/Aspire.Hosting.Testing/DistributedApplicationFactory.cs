using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Makes and starts the application of an AppHost; derived classes change it on the way.</summary>
/// <param name="entryPoint">A type of the AppHost, for example <c>typeof(Projects.AppHost)</c>.</param>
/// <param name="args">The AppHost's arguments.</param>
public class DistributedApplicationFactory(Type entryPoint, string[] args) : IDisposable, IAsyncDisposable
{
    private readonly SemaphoreSlim _once = new(1, 1);
    private EntryPointRun? _run;
    private DistributedApplication? _application;

    /// <summary>Makes the application of an AppHost without arguments.</summary>
    /// <param name="entryPoint">A type of the AppHost.</param>
    public DistributedApplicationFactory(Type entryPoint)
        : this(entryPoint, [])
    {
    }

    /// <summary>Builds the application and starts it; does nothing when it has started.</summary>
    /// <exception cref="InvalidOperationException">The AppHost ended without building an application.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _once.WaitAsync(cancellationToken);
        try
        {
            if (_application is null)
            {
                _run ??= new EntryPointRun(entryPoint.Assembly, args, OnBuilderCreating, OnBuilderCreated, OnBuilding);
                await _run.BuilderAsync(cancellationToken);
                var application = await _run.BuildAsync(cancellationToken);
                OnBuilt(application);
                _application = application;
                await application.StartAsync(cancellationToken);
            }
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>A client for a resource's endpoint.</summary>
    /// <exception cref="InvalidOperationException">The application has not started.</exception>
    public HttpClient CreateHttpClient(string resourceName, string? endpointName = default) => Started.CreateHttpClient(resourceName, endpointName);

    /// <summary>A resource's connection string.</summary>
    /// <exception cref="InvalidOperationException">The application has not started.</exception>
    public ValueTask<string?> GetConnectionString(string resourceName) => Started.GetConnectionStringAsync(resourceName);

    /// <summary>The address of a resource's endpoint.</summary>
    /// <exception cref="InvalidOperationException">The application has not started.</exception>
    public Uri GetEndpoint(string resourceName, string? endpointName = default) => Started.GetEndpoint(resourceName, endpointName);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        _run?.Dispose();
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _once.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called before the builder is made.</summary>
    protected virtual void OnBuilderCreating(DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions)
    {
    }

    /// <summary>Called when the builder is made, without resources yet.</summary>
    protected virtual void OnBuilderCreated(DistributedApplicationBuilder applicationBuilder)
    {
    }

    /// <summary>Called when the AppHost has added its resources.</summary>
    protected virtual void OnBuilding(DistributedApplicationBuilder applicationBuilder)
    {
    }

    /// <summary>Called when the application is built, before it starts.</summary>
    protected virtual void OnBuilt(DistributedApplication application)
    {
    }

    private DistributedApplication Started => _application ?? throw new InvalidOperationException("The application has not started.");
}
