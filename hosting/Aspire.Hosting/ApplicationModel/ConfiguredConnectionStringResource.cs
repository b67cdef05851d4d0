namespace Aspire.Hosting.ApplicationModel;

/// <summary>A connection string from configuration: a secret parameter that is referenced as one.</summary>
internal sealed class ConfiguredConnectionStringResource(
    string name, Func<ParameterDefault?, string> callback, string? environmentVariableName)
    : ParameterResource(name, callback, secret: true), IResourceWithConnectionString
{
    public string? ConnectionStringEnvironmentVariable => environmentVariableName;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{(ParameterResource)this}");

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => new(Read());
}
