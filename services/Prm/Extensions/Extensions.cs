using Microsoft.Extensions.Options;
using O1Coder.ServiceDefaults;

namespace O1Coder.Prm;

/// <summary>What this service is made of.</summary>
internal static class Extensions
{
    /// <summary>Adds the options, the client of Policy, and what scores steps.</summary>
    public static WebApplicationBuilder AddPrm(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<PrmOptions>, PrmOptionsValidator>();
        services.AddOptions<PrmOptions>().BindConfiguration(PrmOptions.Section).ValidateOnStart();
        services.AddServiceClient<V1.PolicyService.PolicyServiceClient>("policy");
        services.AddSingleton<LabelScorer>();
        services.AddSingleton<StepScorer>();
        return builder;
    }
}
