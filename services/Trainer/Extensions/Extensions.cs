using Microsoft.Extensions.Options;

namespace O1Coder.Trainer;

/// <summary>How the service is put together and run.</summary>
internal static class Extensions
{
    private const int BadInput = 2;

    /// <summary>Adds the options and the jobs. Nothing of libtorch is loaded before the first job.</summary>
    public static WebApplicationBuilder AddTrainerServices(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<TrainerOptions>, TrainerOptionsValidator>();
        builder.Services.AddOptions<TrainerOptions>().Bind(builder.Configuration).ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ITrainer, LearningTrainer>();
        builder.Services.AddSingleton<ModelCheck>();
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobQueue>());
        return builder;
    }

    /// <summary>Runs the service until it is stopped. A wrong setting or an address in use becomes one line on standard error.</summary>
    /// <returns>The exit code: 0, or 2 for bad input.</returns>
    public static async Task<int> RunTrainerAsync(this WebApplication app)
    {
        await using (app)
        {
            try
            {
                await app.RunAsync();
                return 0;
            }
            catch (Exception exception) when (exception is OptionsValidationException or IOException or InvalidOperationException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"error: {exception.Message.ReplaceLineEndings(" ")}");
                return BadInput;
            }
        }
    }
}
