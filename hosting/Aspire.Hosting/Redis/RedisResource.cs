namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis server that is part of the application: <c>redis-server</c>, or Garnet, which speaks its protocol.</summary>
public class RedisResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithEnvironment,
    IResourceWithArgs, IResourceWithWaitSupport
{
    /// <summary>The name of the endpoint.</summary>
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>Describes the server.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="password">Its password.</param>
    public RedisResource(string name, ParameterResource password)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(password);
        PasswordParameter = password;
        PrimaryEndpoint = new EndpointReference(this, PrimaryEndpointName);
    }

    /// <summary>The server's password.</summary>
    public ParameterResource? PasswordParameter { get; }

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The host that it listens on.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port that it listens on.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary><c>host:port,password=…</c>, as StackExchange.Redis reads it.</summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Host}:{Port},password={PasswordParameter!}");

    /// <summary><c>redis://:password@host:port</c>.</summary>
    public ReferenceExpression UriExpression => ReferenceExpression.Create($"redis://:{PasswordParameter!}@{Host}:{Port}");

    /// <inheritdoc />
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Password", ReferenceExpression.Create($"{PasswordParameter!}")),
        new("Uri", UriExpression),
    ];
}
