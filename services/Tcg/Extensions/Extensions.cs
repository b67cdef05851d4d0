using Microsoft.Extensions.Options;
using O1Coder.ServiceDefaults;

namespace O1Coder.Tcg;

/// <summary>How the service is put together and run.</summary>
internal static class Extensions
{
    private const int BadInput = 2;

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

    /// <summary>Runs the service until it is stopped. A wrong setting or a port in use becomes one line.</summary>
    /// <param name="app">The service.</param>
    /// <param name="errors">Where the line goes; null is standard error.</param>
    /// <returns>The process's exit code: 0, or 2 for bad input.</returns>
    public static async Task<int> RunTcgAsync(this WebApplication app, TextWriter? errors = null)
    {
        await using var owned = app;
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (exception is OptionsValidationException or IOException or InvalidOperationException)
        {
            return await FailAsync(exception.Message);
        }

        async Task<int> FailAsync(string message)
        {
            await (errors ?? Console.Error).WriteLineAsync($"error: {message.ReplaceLineEndings(" ")}");
            return BadInput;
        }
    }
}
