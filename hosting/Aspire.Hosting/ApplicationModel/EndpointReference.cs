namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names an endpoint of a resource, before or after its address is known.</summary>
/// <param name="owner">The resource.</param>
/// <param name="endpointName">The endpoint's name.</param>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IExpressionValue
{
    /// <summary>The resource.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>The endpoint.</summary>
    /// <exception cref="InvalidOperationException">The resource has no endpoint of this name.</exception>
    public EndpointAnnotation EndpointAnnotation => Find() ?? throw new InvalidOperationException(
        $"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    /// <summary>Whether the resource has an endpoint of this name.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether its address is known.</summary>
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    /// <summary>Whether its scheme is http.</summary>
    public bool IsHttp => Scheme == "http";

    /// <summary>Whether its scheme is https.</summary>
    public bool IsHttps => Scheme == "https";

    /// <summary>Whether a reference to the whole resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint => EndpointAnnotation.ExcludeReferenceEndpoint;

    /// <summary>The scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The port that the resource was told to listen on; null for a free one.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>The host name or address of the first replica.</summary>
    /// <exception cref="InvalidOperationException">It is not allocated yet.</exception>
    public string Host => Allocation(0).Address;

    /// <summary>The port of the first replica.</summary>
    /// <exception cref="InvalidOperationException">It is not allocated yet.</exception>
    public int Port => Allocation(0).Port;

    /// <summary>The address of the first replica.</summary>
    /// <exception cref="InvalidOperationException">It is not allocated yet.</exception>
    public string Url => Allocation(0).UriString;

    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    /// <summary>A part of the endpoint's address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        Property(EndpointProperty.Url).GetValueAsync(context, cancellationToken);

    /// <summary>The addresses of all replicas, in their order.</summary>
    internal IReadOnlyList<AllocatedEndpoint> Allocations => EndpointAnnotation.Allocations;

    /// <summary>The address of one replica.</summary>
    internal AllocatedEndpoint Allocation(int replica) =>
        Allocations.Count > replica
            ? Allocations[replica]
            : throw new InvalidOperationException(
                $"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}
