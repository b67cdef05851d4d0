using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names a part of an endpoint's address.</summary>
/// <param name="endpointReference">The endpoint.</param>
/// <param name="property">The part.</param>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression =>
        $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{Name(Property)}}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Read(replica: 0));

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);

        // A replica that asks for its own endpoint means its own port, not the first replica's.
        return new(Read(ReferenceEquals(context.Caller, Endpoint.Resource) ? context.CallerReplica : 0));
    }

    private string Read(int replica)
    {
        var allocation = Endpoint.Allocation(replica);
        return Property switch
        {
            EndpointProperty.Url => allocation.UriString,
            EndpointProperty.Host => allocation.Address,
            EndpointProperty.IPV4Host => allocation.Address == "localhost" ? "127.0.0.1" : allocation.Address,
            EndpointProperty.Port or EndpointProperty.TargetPort => allocation.Port.ToString(CultureInfo.InvariantCulture),
            EndpointProperty.Scheme => allocation.UriScheme,
            EndpointProperty.HostAndPort => allocation.EndPointString,
            _ => throw new InvalidOperationException($"The property '{Property}' of an endpoint is not known."),
        };
    }

    private static string Name(EndpointProperty property) => property switch
    {
        EndpointProperty.IPV4Host => "host",
        EndpointProperty.TargetPort => "targetPort",
        EndpointProperty.HostAndPort => "hostAndPort",
        _ => property.ToString().ToLowerInvariant(),
    };
}
