using Microsoft.Extensions.Options;
using O1Coder.Sandbox.Languages;
using O1Coder.Sandbox.Programs;
using O1Coder.ServiceDefaults;

namespace O1Coder.Sandbox;

/// <summary>How the service is put together and run.</summary>
public static class SandboxServiceExtensions
{
    /// <summary>The exit code of a service that cannot do its work on this machine or was set up wrongly.</summary>
    public const int BadStart = 2;

    // What runs when the service is asked to stop may end within it: less than the 30 s that orchestrators wait.
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(25);

    /// <summary>Adds the launcher, the queue and the gRPC service; options come from the section <c>Sandbox</c>.</summary>
    public static WebApplicationBuilder AddSandbox(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<SandboxOptions>().BindConfiguration(SandboxOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<SandboxTelemetry>();
        builder.Services.AddSingleton<Launcher>();
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<BoxRunner>();
        builder.Services.AddSingleton<ProgramPreparation>();
        builder.Services.AddSingleton<SingleTest>();
        builder.Services.AddSingleton<Measurement>();
        builder.Services.AddSingleton<CommandClient>();
        builder.Services.AddSingleton<Toolchains>();
        builder.Services.AddSingleton<ProgramCompiler>();
        builder.Services.AddSingleton<ProgramRunner>();
        builder.Services.AddSingleton<TestRunner>();
        builder.Services.AddSingleton(_ => new IdempotentAnswers(TimeProvider.System));
        builder.Services.AddSingleton<BatchRunner>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = s_drain);
        return builder;
    }

    /// <summary>
    /// Builds and runs the service until it is asked to stop. Where programs cannot be isolated it prints one line that
    /// says what to do and returns <see cref="BadStart"/>: there is no mode without isolation.
    /// </summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunSandboxAsync(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        await using var app = builder.Build();
        try
        {
            _ = app.Services.GetRequiredService<IOptions<SandboxOptions>>().Value;
            await app.UseSandboxAsync();
            await app.RunAsync();
            return 0;
        }
        catch (SandboxUnavailableException exception)
        {
            return Fail(exception.Message);
        }
        catch (OptionsValidationException exception)
        {
            // Each reads: DataAnnotation validation failed for … with the error: 'what is wrong'.
            var failures = string.Join("; ", exception.Failures.Select(failure => failure.Split("with the error: ")[^1].Trim('\'', '.')));
            return Fail(exception.OptionsType == typeof(SandboxOptions)
                ? $"{failures}, do correct the section '{SandboxOptions.Section}' of the settings"
                : failures);
        }
        catch (IOException exception)
        {
            // Kestrel says "address already in use" this way.
            return Fail($"{exception.Message.TrimEnd('.')}, do choose another address with --urls");
        }
    }

    /// <summary>Starts the launcher, which tries a box, and maps the endpoints.</summary>
    /// <exception cref="SandboxUnavailableException">Programs cannot be isolated here.</exception>
    public static async Task UseSandboxAsync(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        await app.Services.GetRequiredService<Launcher>().StartAsync(CancellationToken.None);
        // Looked for in the background: who asks for a language waits for the answer.
        _ = app.Services.GetRequiredService<Toolchains>().FindAsync(CancellationToken.None);
        app.MapDefaultEndpoints();
        app.MapGrpcService<SandboxGrpcService>();
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
        return BadStart;
    }
}
