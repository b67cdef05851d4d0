using Aspire.Hosting.ApplicationModel;

namespace O1Coder.Hosting;

/// <summary>Has processes started again that crash. No part of Aspire's API, which leaves that to a person.</summary>
public static class RestartPolicyExtensions
{
    /// <summary>Starts a replica again when it ends with an exit code other than 0, without the waits of a first start.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="attempts">How often in a row.</param>
    /// <param name="firstDelay">How long to wait before the first; null for one second. Each further one waits twice as long.</param>
    /// <param name="lastDelay">The longest wait; null for 30 seconds.</param>
    /// <param name="settled">How long a run lasts after which the attempts count from the start; null for one minute.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1, or a time below 0.</exception>
    public static IResourceBuilder<T> WithRestartPolicy<T>(this IResourceBuilder<T> builder, int attempts = 5,
        TimeSpan? firstDelay = null, TimeSpan? lastDelay = null, TimeSpan? settled = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstDelay ?? TimeSpan.Zero, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastDelay ?? TimeSpan.Zero, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(settled ?? TimeSpan.Zero, TimeSpan.Zero);
        return builder.WithAnnotation(
            new RestartPolicy(attempts, firstDelay ?? TimeSpan.FromSeconds(1), lastDelay ?? TimeSpan.FromSeconds(30), settled ?? TimeSpan.FromMinutes(1)),
            ResourceAnnotationMutationBehavior.Replace);
    }
}
