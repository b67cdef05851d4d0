namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known when the application starts.</summary>
public interface IValueProvider
{
    /// <summary>The value; null when there is none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as <see cref="ValueProviderContext.Caller"/> sees it.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}
