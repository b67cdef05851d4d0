using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds connection strings that are composed in code.</summary>
public static class ConnectionStringBuilderExtensions
{
    /// <summary>Adds a connection string composed of values that are known only at the start.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder,
        string name, ReferenceExpression connectionStringExpression)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
    }
}
