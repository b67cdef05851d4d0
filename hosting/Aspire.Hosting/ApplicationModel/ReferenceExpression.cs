using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with values in it that are known only when the application starts.</summary>
/// <example><code>ReferenceExpression.Create($"{redis.Resource.PrimaryEndpoint},abortConnect=false")</code></example>
public class ReferenceExpression : IExpressionValue
{
    private readonly ExpressionPart[] _sources;

    private ReferenceExpression(string format, ExpressionPart[] sources)
    {
        Format = format;
        _sources = sources;
    }

    /// <summary>An expression without text.</summary>
    [SuppressMessage("Usage", "CA2211", Justification = "The public API has it as a field.")]
    public static readonly ReferenceExpression Empty = new("", []);

    /// <summary>The text, with <c>{0}</c>, <c>{1}</c>, … where the values go.</summary>
    public string Format { get; }

    /// <summary>The values, in their order.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders => [.. _sources.Select(source => source.Provider)];

    /// <summary>How the values are named, in their order.</summary>
    public IReadOnlyList<string> ManifestExpressions => [.. _sources.Select(source => source.Expression)];

    /// <inheritdoc />
    public string ValueExpression =>
        string.Format(CultureInfo.InvariantCulture, Format, [.. _sources.Select(source => (object)source.Expression)]);

    /// <summary>Makes an expression of an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.ToExpression();

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        var values = new object?[_sources.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = await _sources[i].Provider.GetValueAsync(context, cancellationToken);
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    private sealed record ExpressionPart(IValueProvider Provider, string Expression);

    /// <summary>Collects the parts of an interpolated string.</summary>
    /// <param name="literalLength">The length of its literal parts, in characters.</param>
    /// <param name="formattedCount">The number of its values.</param>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength + (4 * formattedCount));
        private readonly List<ExpressionPart> _sources = new(formattedCount);

        /// <summary>Adds literal text.</summary>
        public void AppendLiteral(string value) => _format.Append(Escape(value));

        /// <summary>Adds text that is known already.</summary>
        public void AppendFormatted(string? value) => _format.Append(Escape(value ?? ""));

        /// <summary>Adds a value that is known later.</summary>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append('{').Append(_sources.Count.ToString(CultureInfo.InvariantCulture)).Append('}');
            _sources.Add(new ExpressionPart(valueProvider, valueProvider.ValueExpression));
        }

        /// <summary>Adds a resource's value that is known later: a parameter's, a connection string.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider
        {
            ArgumentNullException.ThrowIfNull(valueProvider);
            AppendFormatted(valueProvider.Resource);
        }

        internal ReferenceExpression ToExpression() => new(_format.ToString(), [.. _sources]);

        private static string Escape(string text) =>
            text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
    }
}
