using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is configured as <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name,
        bool secret = false) => Add(builder, name, $"Parameters:{name}", secret, fallback: null);

    /// <summary>Adds a parameter with a value in code, which <c>Parameters:{name}</c> does not change.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name,
        string value, bool publishValueAsDefault = false, bool secret = false) =>
        AddParameter(builder, name, () => value, publishValueAsDefault, secret);

    /// <summary>Adds a parameter whose value code gives, which <c>Parameters:{name}</c> does not change.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name,
        Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(valueGetter);
        return builder.AddResource(new ParameterResource(name, _ => valueGetter(), secret));
    }

    /// <summary>Adds a parameter that is configured as <c>Parameters:{name}</c> or has a default, for example a generated one.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether the value is never shown.</param>
    /// <param name="persist">Whether the default is kept in the user's secrets, so that it is the same at the next run.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name,
        ParameterDefault value, bool secret = false, bool persist = false) =>
        Add(builder, name, $"Parameters:{name}", secret, persist ? KeptParameterDefault.Of(builder, $"Parameters:{name}", value) : value);

    /// <summary>Adds a parameter whose value is configured under a key.</summary>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(this IDistributedApplicationBuilder builder,
        string name, string configurationKey, bool secret = false) => Add(builder, name, configurationKey, secret, fallback: null);

    /// <summary>Says what the parameter is for.</summary>
    public static IResourceBuilder<ParameterResource> WithDescription(this IResourceBuilder<ParameterResource> builder,
        string description, bool enableMarkdown = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.Description = description;
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
    }

    /// <summary>Adds a connection string that is configured as <c>ConnectionStrings:{name}</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="environmentVariableName">The variable for it in resources that refer to it; null for the usual one.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder,
        string name, string? environmentVariableName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ConfiguredConnectionStringResource(
            name, _ => Configured(builder.Configuration, $"ConnectionStrings:{name}", name, fallback: null), environmentVariableName));
    }

    private static IResourceBuilder<ParameterResource> Add(IDistributedApplicationBuilder builder, string name, string key,
        bool secret, ParameterDefault? fallback)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var parameter = new ParameterResource(name, value => Configured(builder.Configuration, key, name, value), secret)
        {
            Default = fallback,
        };
        return builder.AddResource(parameter);
    }

    private static string Configured(ConfigurationManager configuration, string key, string name, ParameterDefault? fallback) =>
        configuration[key] ?? fallback?.GetDefaultValue() ?? throw new MissingParameterValueException(
            $"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter '{name}' has no default value.");
}
