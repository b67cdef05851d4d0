using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Text that is never shown.</summary>
/// <param name="text">The text.</param>
internal sealed class SecretText(string text) : IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(text);

    /// <summary>Whether a value of a resource's environment, or a part of it, is secret.</summary>
    public static bool IsIn(object value) => value switch
    {
        SecretText => true,
        ParameterResource parameter => parameter.Secret,
        ReferenceExpression expression => expression.ValueProviders.Any(IsIn),
        IResourceWithConnectionString resource => IsIn(resource.ConnectionStringExpression),
        IResourceBuilder<IResource> builder => IsIn(builder.Resource),
        _ => false,
    };
}
