using Microsoft.Extensions.Options;
using O1Coder.ServiceDefaults;

namespace O1Coder.Tcg;

/// <summary>What this service is made of.</summary>
internal static class Extensions
{
    /// <summary>Adds the options, the clients of Policy and Sandbox, and what writes and checks tests.</summary>
    public static WebApplicationBuilder AddTcg(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<TcgOptions>, TcgOptionsValidator>();
        services.AddOptions<TcgOptions>().BindConfiguration(TcgOptions.Section).ValidateOnStart();
        services.AddServiceClient<V1.PolicyService.PolicyServiceClient>("policy");
        services.AddServiceClient<V1.SandboxService.SandboxServiceClient>("sandbox");
        services.AddSingleton<PolicyWriter>();
        services.AddSingleton<ProgramRuns>();
        services.AddSingleton<GenerationSlots>();
        services.AddSingleton<ReferenceMode>();
        services.AddSingleton<AgreementMode>();
        return builder;
    }
}
