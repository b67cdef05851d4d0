using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// An AppHost's entry point on a thread of its own. It runs until it asks its builder for the application, is held there
/// until the test asks too, and is ended then: the application is the test's to start and stop.
/// </summary>
internal sealed class EntryPointRun : TestingDefaults, IDisposable
{
    private readonly MethodInfo _main;
    private readonly string[] _args;
    private readonly Action<DistributedApplicationBuilder> _building;
    private readonly Action<DistributedApplicationBuilder> _created;
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _mayBuild = new();
    private bool _disposed;

    /// <summary>Begins to run the entry point.</summary>
    /// <exception cref="InvalidOperationException">The assembly has none.</exception>
    public EntryPointRun(Assembly appHost, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure,
        Action<DistributedApplicationBuilder> created, Action<DistributedApplicationBuilder> building)
        : base(appHost, args, configure)
    {
        _main = appHost.EntryPoint ?? throw new InvalidOperationException($"Assembly '{appHost.GetName().Name}' has no entry point.");
        _args = args;
        _created = created;
        _building = building;
        new Thread(Run) { IsBackground = true, Name = "AppHost" }.Start();
    }

    /// <summary>The builder, once the entry point asks it for the application.</summary>
    /// <exception cref="InvalidOperationException">The entry point ended without that.</exception>
    public Task<DistributedApplicationBuilder> BuilderAsync(CancellationToken cancellationToken) => _builder.Task.WaitAsync(cancellationToken);

    /// <summary>Lets the application be built.</summary>
    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.Set();
        return _application.Task.WaitAsync(cancellationToken);
    }

    public override void OnCreated(DistributedApplicationBuilder builder)
    {
        base.OnCreated(builder);
        _created(builder);
    }

    public override void OnBuilding(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _mayBuild.Wait();
        if (_disposed)
        {
            throw new EntryPointEndException();
        }

        _building(builder);
    }

    public override void OnBuilt(DistributedApplication application)
    {
        _application.TrySetResult(application);
        throw new EntryPointEndException();
    }

    /// <summary>Ends the entry point where it waits.</summary>
    public void Dispose()
    {
        _disposed = true;
        _mayBuild.Set();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ended the entry point is what the test is told.")]
    private void Run()
    {
        try
        {
            using (Use())
            {
                var result = _main.Invoke(null, _main.GetParameters().Length == 0 ? null : [_args]);
                End(new InvalidOperationException($"The AppHost ended{(result is int code ? $" with exit code {code}" : "")} without building an application."));
            }
        }
        catch (TargetInvocationException exception) when (exception.InnerException is EntryPointEndException)
        {
            End(new ObjectDisposedException(nameof(IDistributedApplicationTestingBuilder)));
        }
        catch (TargetInvocationException exception)
        {
            End(exception.InnerException ?? exception);
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    // Without effect where the builder and the application are there already.
    private void End(Exception reason)
    {
        _builder.TrySetException(reason);
        if (_application.TrySetException(reason))
        {
            // Nobody may have asked for it: then nobody has to see it.
            _ = _application.Task.Exception;
        }
    }

    private sealed class EntryPointEndException() : Exception("The application is the test's from here on.");
}
