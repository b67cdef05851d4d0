namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that can be named in text before it is known.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>How it is named, for example <c>{redis.connectionString}</c>.</summary>
    string ValueExpression { get; }
}
