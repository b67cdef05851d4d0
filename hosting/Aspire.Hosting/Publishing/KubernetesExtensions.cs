using Aspire.Hosting.ApplicationModel;

namespace O1Coder.Hosting;

/// <summary>Says more about resources to Kubernetes. No part of Aspire's API.</summary>
public static class KubernetesExtensions
{
    /// <summary>Says how the publisher <c>kubernetes</c> deploys the resource.</summary>
    public static IResourceBuilder<T> PublishAsKubernetes<T>(this IResourceBuilder<T> builder, Action<KubernetesWorkload> configure)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var workload = builder.Resource.Annotations.OfType<KubernetesWorkload>().LastOrDefault();
        if (workload is null)
        {
            workload = new KubernetesWorkload();
            builder.WithAnnotation(workload);
        }

        configure(workload);
        return builder;
    }
}
