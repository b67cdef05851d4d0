using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A connection string composed in code.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="connectionStringExpression">What it is composed of.</param>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}
