using Aspire.Hosting.UserSecrets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A default that is kept in the user's secrets once it was made.</summary>
internal sealed class KeptParameterDefault(UserSecretsStore store, string key, ParameterDefault made) : ParameterDefault
{
    public override string GetDefaultValue() => store.GetOrAdd(key, made.GetDefaultValue);

    /// <summary>The default itself where nothing is kept: when the application is published.</summary>
    public static ParameterDefault Of(IDistributedApplicationBuilder builder, string key, ParameterDefault made)
    {
        var store = builder.Services.Select(service => service.ImplementationInstance).OfType<UserSecretsStore>().FirstOrDefault();
        return builder.ExecutionContext.IsRunMode && store is not null ? new KeptParameterDefault(store, key, made) : made;
    }
}
