namespace Aspire.Hosting.ApplicationModel;

/// <summary>A URL that is shown for a resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The URL, absolute, or relative to <see cref="Endpoint"/>.</summary>
    public required string Url { get; set; }

    /// <summary>The text that is shown in its place; null for none.</summary>
    public string? DisplayText { get; set; }

    /// <summary>Where it is among the resource's URLs: the highest is first.</summary>
    public int? DisplayOrder { get; set; }

    /// <summary>Where it is shown.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; }

    /// <summary>The endpoint that it belongs to; null for none.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>A copy that belongs to an endpoint.</summary>
    internal ResourceUrlAnnotation WithEndpoint(EndpointReference? endpoint) => new()
    {
        Url = Url,
        DisplayText = DisplayText,
        DisplayOrder = DisplayOrder,
        DisplayLocation = DisplayLocation,
        Endpoint = endpoint,
    };
}
