using Microsoft.Extensions.Options;
using O1Coder.ServiceDefaults;

namespace O1Coder.Trainer;

/// <summary>What this service is made of.</summary>
internal static class Extensions
{
    /// <summary>Adds the options and the jobs. Nothing of libtorch is loaded before the first job.</summary>
    public static WebApplicationBuilder AddTrainerServices(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<TrainerOptions>, TrainerOptionsValidator>();
        builder.Services.AddOptions<TrainerOptions>().BindSettings(builder.Configuration).ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ITrainer, LearningTrainer>();
        builder.Services.AddSingleton<ModelCheck>();
        builder.Services.AddSingleton<JobRunner>();
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddHostedService(services => services.GetRequiredService<JobQueue>());
        return builder;
    }
}
