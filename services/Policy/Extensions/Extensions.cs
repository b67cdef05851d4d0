using Microsoft.Extensions.Options;
using O1Coder.Policy.OpenAi;
using O1Coder.Policy.Remote;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>How the service is put together and run.</summary>
internal static class Extensions
{
    /// <summary>Adds the options, the model that is loaded in the background, its health check and telemetry.</summary>
    public static WebApplicationBuilder AddPolicyServices(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<PolicyOptions>, PolicyOptionsValidator>();
        builder.Services.AddOptions<PolicyOptions>().Bind(builder.Configuration).ValidateOnStart();
        builder.Services.AddSingleton<PolicyTelemetry>();
        builder.Services.AddSingleton<AdapterRegistry>();
        builder.Services.AddSingleton<ModelHost>();
        builder.Services.AddRemoteServer();
        builder.Services.AddSingleton<IModelLoader>(provider => provider.GetRequiredService<IOptions<PolicyOptions>>().Value.Remote.Length > 0
            ? ActivatorUtilities.CreateInstance<RemoteModelLoader>(provider)
            : ActivatorUtilities.CreateInstance<EngineModelLoader>(provider));
        builder.NoticeLostCallers();
        builder.AddOpenAi();
        builder.Services.AddSingleton<SavedPrefixes>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SavedPrefixes>());
        builder.Services.AddHostedService<ModelLoadingService>();

        // Polls of /health are no news, and not to be ready while the model loads is no failure.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // A line a request to a server; that one was made again is a warning.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        builder.Services.AddHealthChecks().AddCheck<ModelHealthCheck>("model");
        return builder;
    }

    /// <summary>
    /// Runs the service until it is stopped. What a person did wrong (a bad setting, a port in use, a model that cannot
    /// be loaded) becomes one line on standard error.
    /// </summary>
    /// <returns>The exit code: 0, or 2 for bad input.</returns>
    public static async Task<int> RunPolicyAsync(this WebApplication app)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
                await app.WaitForShutdownAsync();
            }
            catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                app.Logger.LogInformation("Stopped while starting");
            }
            catch (OptionsValidationException exception)
            {
                return Console.Error.WriteBadInput(string.Join("; ", exception.Failures));
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException)
            {
                return Console.Error.WriteBadInput(exception.Message);
            }

            return app.Services.GetRequiredService<ModelHost>().Failure is { } failure ? Console.Error.WriteBadInput(failure) : 0;
        }
    }
}
