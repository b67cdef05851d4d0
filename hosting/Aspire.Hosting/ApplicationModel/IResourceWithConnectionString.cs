namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that others reach with a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IExpressionValue
{
    /// <summary>The connection string, which may name values that are known only at the start.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The variable for it in place of <c>ConnectionStrings__{name}</c>; null for that one.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The connection string's value.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ConnectionStringExpression.GetValueAsync(cancellationToken);

    /// <summary>Its parts, which a reference hands over as <c>{NAME}_{PART}</c> beside the whole.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
        GetConnectionStringAsync(cancellationToken);
}
