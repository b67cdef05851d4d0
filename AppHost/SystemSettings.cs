using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace O1Coder.AppHost;

/// <summary>
/// What can be chosen about the system, from the command line, from the environment or from appsettings.json.
/// </summary>
/// <param name="Port">The coordinator's port (<c>--port</c>, O1CODER_PORT); null for a free one.</param>
/// <param name="Model">The model's folder (<c>--model</c>, O1CODER_MODEL).</param>
/// <param name="Cores">How many cores each part may use.</param>
/// <param name="Coordinators">How many coordinators share the searches (<c>--coordinators</c>, O1CODER_COORDINATORS); one unless said.</param>
/// <param name="Remote">The OpenAI-compatible server that runs the model (<c>--remote</c>, O1CODER_REMOTE); empty to run it here.</param>
/// <param name="RemoteKey">That server's key (O1CODER_REMOTE_KEY), or empty.</param>
/// <param name="OpenAiPort">The port for OpenAI's clients (<c>--openai-port</c>, O1CODER_OPENAI_PORT); null for none.</param>
/// <param name="Weights">How the model's weights are held (<c>--precision</c>, O1CODER_WEIGHTS); empty for as stored.</param>
/// <param name="Accuracy">How exactly activations are multiplied (<c>--accuracy</c>, O1CODER_ACCURACY).</param>
/// <param name="HasRedis">Whether Redis runs already (ConnectionStrings__redis, for example 127.0.0.1:6379); else one is started.</param>
/// <param name="Runs">The folder for the logs of searches (O1CODER_RUNS).</param>
/// <param name="RunDirectory">The folder for what this run of the system leaves: the services' logs.</param>
internal sealed record SystemSettings(
    int? Port,
    string Model,
    CoreBudget Cores,
    int Coordinators,
    string Remote,
    string RemoteKey,
    int? OpenAiPort,
    string Weights,
    string Accuracy,
    bool HasRedis,
    string Runs,
    string RunDirectory)
{
    private const int DefaultPort = 7410;
    private const string DefaultModel = "qwen2.5-coder-0.5b-instruct";

    private const string ImageModels = "/models";
    private const string ImageRuns = "/runs";

    private const int MostCoordinators = 16;

    private const string KeyVariable = "O1CODER_REMOTE_KEY";

    // Read by Aspire.Hosting itself.
    private static readonly string[] s_publishing = ["--publisher", "--output-path"];
    private static readonly string[] s_options =
        ["--port", "--model", "--remote", "--openai-port", "--precision", "--accuracy", "--coordinators", .. s_publishing, .. CoreBudget.Options];
    private static readonly string[] s_weights = ["int4", "int8", "fp32"];
    private static readonly string[] s_accuracies = ["fast", "exact"];

    /// <summary>Whether the arguments are for the system itself, and so no command of the command line.</summary>
    public static bool IsForSystem(string[] args) => args.Length == 0 || s_options.Contains(Name(args[0]));

    /// <summary>Reads the settings and makes the folder of this run.</summary>
    /// <param name="builder">The application, whose configuration holds them.</param>
    /// <param name="keepUp">Whether the system is to stay up, on a known port.</param>
    /// <param name="args">The command line, for the system where <paramref name="keepUp"/>.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>Null, or what is wrong in one line.</returns>
    public static string? Read(IDistributedApplicationBuilder builder, bool keepUp, string[] args, out SystemSettings settings)
    {
        var configuration = builder.Configuration;
        var options = ReadOptions(keepUp ? args : [], out var unknown);
        var repository = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, ".."));
        var runs = Path.GetFullPath(FirstSet(configuration["O1CODER_RUNS"]) ?? Path.Combine(repository, "runs"));
        var wrongCores = CoreBudget.Read(
            (option, variable) => FirstSet(options.GetValueOrDefault(option), configuration[variable]), Environment.ProcessorCount, out var cores);
        var port = FirstSet(options.GetValueOrDefault("--port"), configuration["O1CODER_PORT"])
            ?? DefaultPort.ToString(CultureInfo.InvariantCulture);
        var model = FirstSet(options.GetValueOrDefault("--model"), configuration["O1CODER_MODEL"])
            ?? Path.Combine(repository, "models", DefaultModel);
        var remote = FirstSet(options.GetValueOrDefault("--remote"), configuration["O1CODER_REMOTE"]) ?? "";
        var openAi = FirstSet(options.GetValueOrDefault("--openai-port"), configuration["O1CODER_OPENAI_PORT"]) ?? "0";
        var weights = FirstSet(options.GetValueOrDefault("--precision"), configuration["O1CODER_WEIGHTS"]) ?? "";
        var accuracy = FirstSet(options.GetValueOrDefault("--accuracy"), configuration["O1CODER_ACCURACY"]) ?? s_accuracies[0];
        var coordinators = FirstSet(options.GetValueOrDefault("--coordinators"), configuration["O1CODER_COORDINATORS"]) ?? "1";
        var key = FirstSet(configuration[KeyVariable]) ?? "";

        // Services inherit what is set here; the key is Policy's alone.
        Environment.SetEnvironmentVariable(KeyVariable, null);
        var name = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}");
        settings = new SystemSettings(
            keepUp && TryRead(port, 1, 65535, out var number) ? number : null,
            Path.GetFullPath(model), cores, TryRead(coordinators, 1, MostCoordinators, out var several) ? several : 1, remote, key,
            TryRead(openAi, 1, 65535, out var openAiPort) ? openAiPort : null, weights, accuracy,
            builder.ExecutionContext.IsRunMode && FirstSet(configuration.GetConnectionString("redis")) is not null, runs, Path.Combine(runs, "system", name));

        if (builder.ExecutionContext.IsPublishMode)
        {
            // In a container there are the folders that the images and the volumes have.
            settings = settings with { Model = $"{ImageModels}/{Path.GetFileName(settings.Model)}", Runs = ImageRuns };
        }

        // Where the Redis server keeps its files; a key of this repository's hosting, which Aspire's own ignores.
        configuration["AppHost:RunDirectory"] = settings.RunDirectory;

        return unknown is not null ? $"unexpected '{unknown}': expected {string.Join(", ", s_options)}, each with a value"
            : keepUp && settings.Port is null ? $"port is '{port}': expected a number from 1 to 65535"
            : !TryRead(openAi, 0, 65535, out _) ? $"openai-port is '{openAi}': expected a number from 1 to 65535, or 0 for none"
            : !TryRead(coordinators, 1, MostCoordinators, out _) ? $"coordinators is '{coordinators}': expected a number from 1 to {MostCoordinators}"
            : weights.Length > 0 && !Knows(s_weights, weights)
                ? $"precision is '{weights}': expected {string.Join(", ", s_weights)}, or nothing for the weights as stored"
            : weights.Length > 0 && remote.Length > 0 ? $"precision is '{weights}': expected nothing, for the server at {remote} holds the weights"
            : !Knows(s_accuracies, accuracy) ? $"accuracy is '{accuracy}': expected {string.Join(" or ", s_accuracies)}"
            : wrongCores ?? (builder.ExecutionContext.IsRunMode ? MakeFolder(settings) : null);
    }

    // Not from the configuration, where --port and a variable PORT that is there for another program are the same.
    private static Dictionary<string, string> ReadOptions(string[] args, out string? unknown)
    {
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            var parts = args[i].Split('=', 2);
            if (!s_options.Contains(parts[0]) || (parts.Length == 1 && i + 1 == args.Length))
            {
                unknown = args[i];
                return options;
            }

            options[parts[0]] = parts.Length == 2 ? parts[1] : args[++i];
        }

        unknown = null;
        return options;
    }

    private static string? FirstSet(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (!string.IsNullOrEmpty(text))
            {
                return text;
            }
        }

        return null;
    }

    private static string? MakeFolder(SystemSettings settings)
    {
        try
        {
            Directory.CreateDirectory(settings.RunDirectory);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"O1CODER_RUNS is '{settings.Runs}': expected a folder that can be written ({exception.Message})";
        }
    }

    private static bool Knows(string[] words, string word) => words.Contains(word, StringComparer.OrdinalIgnoreCase);

    private static string Name(string argument) => argument.Split('=', 2)[0];

    private static bool TryRead(string text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
