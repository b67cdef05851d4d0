namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value with a name: what a <see cref="ReferenceExpression"/> is made of.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
