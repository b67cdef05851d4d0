using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Shows the resource under another.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> parent)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(parent);
        return builder.WithParentRelationship(parent.Resource);
    }

    /// <summary>Shows the resource under another.</summary>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent)
        where T : IResource => builder.WithRelationship(parent, KnownRelationshipTypes.Parent);

    /// <summary>Shows another resource under this one.</summary>
    public static IResourceBuilder<T> WithChildRelationship<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> child)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(child);
        return builder.WithChildRelationship(child.Resource);
    }

    /// <summary>Shows another resource under this one.</summary>
    public static IResourceBuilder<T> WithChildRelationship<T>(this IResourceBuilder<T> builder, IResource child)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(child);
        child.Annotations.Add(new ResourceRelationshipAnnotation(builder.Resource, KnownRelationshipTypes.Parent));
        return builder;
    }

    /// <summary>Says how the resource relates to another.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="resource">The other.</param>
    /// <param name="type">How: a word of the application's.</param>
    public static IResourceBuilder<T> WithRelationship<T>(this IResourceBuilder<T> builder, IResource resource, string type)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(type);
        return builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));
    }

    /// <summary>Shows the resource with an icon.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="iconName">A name of Fluent UI's icons.</param>
    /// <param name="iconVariant">How it is drawn.</param>
    public static IResourceBuilder<T> WithIconName<T>(this IResourceBuilder<T> builder, string iconName, IconVariant iconVariant = IconVariant.Filled)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(iconName);
        return builder.WithAnnotation(new ResourceIconAnnotation(iconName, iconVariant), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Does not show the resource unless asked for.</summary>
    public static IResourceBuilder<T> WithHidden<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new HiddenAnnotation(), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Shows a URL for the resource.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="url">The URL: absolute, or a path of its first http endpoint.</param>
    /// <param name="displayText">The text that is shown in its place; null for none.</param>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, string url, string? displayText = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(url);
        return builder.WithAnnotation(new ResourceUrlAnnotation { Url = url, DisplayText = displayText });
    }

    /// <summary>Shows a URL with values in it that are known only at the start.</summary>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder, ReferenceExpression url, string? displayText = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(url);
        return builder.WithUrls(async context =>
        {
            if (await url.GetValueAsync(context.CancellationToken) is { Length: > 0 } text)
            {
                context.Urls.Add(new ResourceUrlAnnotation { Url = text, DisplayText = displayText });
            }
        });
    }

    /// <summary>Shows a URL that is an interpolated string of values that are known only at the start.</summary>
    public static IResourceBuilder<T> WithUrl<T>(this IResourceBuilder<T> builder,
        in ReferenceExpression.ExpressionInterpolatedStringHandler url, string? displayText = null)
        where T : IResource => builder.WithUrl(ReferenceExpression.Create(url), displayText);

    /// <summary>Changes the URLs that are shown for the resource.</summary>
    public static IResourceBuilder<T> WithUrls<T>(this IResourceBuilder<T> builder, Action<ResourceUrlsCallbackContext> callback)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithUrls(context =>
        {
            callback(context);
            return Task.CompletedTask;
        });
    }

    /// <summary>Changes the URLs that are shown for the resource.</summary>
    public static IResourceBuilder<T> WithUrls<T>(this IResourceBuilder<T> builder, Func<ResourceUrlsCallbackContext, Task> callback)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithAnnotation(new ResourceUrlsCallbackAnnotation(callback));
    }

    /// <summary>Changes the URL that is shown for an endpoint.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName,
        Action<ResourceUrlAnnotation> callback)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithUrls(context =>
        {
            foreach (var url in context.Urls.Where(url => string.Equals(url.Endpoint?.EndpointName, endpointName, StringComparison.OrdinalIgnoreCase)))
            {
                callback(url);
            }
        });
    }

    /// <summary>Shows another URL for an endpoint, beside its own.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName,
        Func<EndpointReference, ResourceUrlAnnotation> callback)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithUrls(context =>
        {
            if (builder.Resource.GetEndpoint(endpointName) is { Exists: true } endpoint)
            {
                context.Urls.Add(callback(endpoint).WithEndpoint(endpoint));
            }
        });
    }
}
