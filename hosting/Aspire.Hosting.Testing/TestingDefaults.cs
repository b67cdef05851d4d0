using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What is otherwise for an application under test: no dashboard, free ports in place of fixed ones, Development.</summary>
internal class TestingDefaults(Assembly? appHost, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    : BuilderHook
{
    public override void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.AssemblyName ??= appHost?.GetName().Name;
        options.DisableDashboard = true;
        settings.EnvironmentName = Environments.Development;
        settings.Args = [.. settings.Args ?? [], "--DcpPublisher:RandomizePorts=true"];
        configure(options, settings);
    }

    public override void OnCreated(DistributedApplicationBuilder builder) => builder.Services.AddHttpClient();

    /// <summary>A builder without an AppHost.</summary>
    public DistributedApplicationBuilder Make()
    {
        using (Use())
        {
            return new DistributedApplicationBuilder(args);
        }
    }
}
