using System.Reflection;

namespace Aspire.Hosting;

/// <summary>The AppHost's assembly, in which the build left word of where things are.</summary>
/// <param name="assembly">The assembly; null where there is none.</param>
internal sealed class AppHostAssembly(Assembly? assembly)
{
    /// <summary>The value of an AssemblyMetadataAttribute; null for none.</summary>
    public string? Metadata(string key) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == key)?.Value;

    /// <summary>The id under which the user's secrets for this AppHost are kept; null for none.</summary>
    public string? UserSecretsId => assembly?.GetCustomAttribute<Microsoft.Extensions.Configuration.UserSecrets.UserSecretsIdAttribute>()?.UserSecretsId;

    /// <summary>The application's name: that of the assembly, without <c>.AppHost</c>.</summary>
    public string Name => (assembly?.GetName().Name ?? "application") is var name && name.EndsWith(".AppHost", StringComparison.OrdinalIgnoreCase)
        ? name[..^".AppHost".Length]
        : name;
}
