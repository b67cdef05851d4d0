using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace O1Coder.ServiceDefaults;

/// <summary>
/// A service's settings: the properties of an options class that say by <see cref="ConfigurationKeyNameAttribute"/> what they
/// are called, and whole numbers by <see cref="RangeAttribute"/> from where to where they go. What cannot work is told with
/// the setting's name, its value and what was expected.
/// </summary>
public static class Settings
{
    /// <summary>Fills in the options from configuration or the environment.</summary>
    /// <remarks>
    /// A text that is no such value fails with <see cref="OptionsValidationException"/>. Ranges are looked at by a validator,
    /// which asks <see cref="OutOfRange{TOptions}"/>, beside all else that it knows.
    /// </remarks>
    public static OptionsBuilder<TOptions> BindSettings<TOptions>(this OptionsBuilder<TOptions> builder, IConfiguration configuration)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.Configure(_ => RequireReadable<TOptions>(builder.Name, configuration)).Bind(configuration);
    }

    /// <summary>What is wrong with numbers that are out of their range; nothing where all are within.</summary>
    public static IEnumerable<string> OutOfRange<TOptions>(TOptions options)
        where TOptions : class =>
        from property in Properties<TOptions>()
        let range = property.GetCustomAttribute<RangeAttribute>()
        where range is not null && !range.IsValid(property.GetValue(options))
        select $"{NameOf(property)} is {property.GetValue(options)}: expected {Expected(property)}";

    private static void RequireReadable<TOptions>(string name, IConfiguration configuration)
    {
        var failures = (
            from property in Properties<TOptions>()
            let text = configuration[NameOf(property)]
            where text is not null && !IsReadable(property.PropertyType, text)
            select $"{NameOf(property)} is '{text}': expected {Expected(property)}").ToList();
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(name, typeof(TOptions), failures);
        }
    }

    private static IEnumerable<PropertyInfo> Properties<TOptions>() =>
        typeof(TOptions).GetProperties().Where(property => property.IsDefined(typeof(ConfigurationKeyNameAttribute)));

    private static string NameOf(PropertyInfo property) => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name;

    // Enum.TryParse would also take numbers, and several names at once.
    private static bool IsReadable(Type type, string text) =>
        type == typeof(int) || type == typeof(int?) ? int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        : type == typeof(long) ? long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        : type == typeof(bool) ? bool.TryParse(text, out _)
        : !type.IsEnum || Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase);

    private static string Expected(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{range.Minimum} to {range.Maximum}"
        : property.PropertyType == typeof(bool) ? "true or false"
        : property.PropertyType.IsEnum ? string.Join(" or ", Enum.GetNames(property.PropertyType))
        : "a whole number";
}
