using Grpc.Core;
using O1Coder.Search;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>Settings of this service.</summary>
internal sealed record CoordinatorOptions
{
    /// <summary>The environment variable that names the folder of all searches.</summary>
    public const string RunsVariable = "O1CODER_RUNS";

    /// <summary>The environment variable that says how many searches may run at once.</summary>
    public const string SearchesVariable = "O1CODER_SEARCHES";

    /// <summary>The environment variable that names the action plan: competing (default), paper or direct.</summary>
    public const string ActionsVariable = "O1CODER_ACTIONS";

    /// <summary>The environment variable that says whether searches that were broken off are taken up again: 1 (default) or 0.</summary>
    public const string ResumeVariable = "O1CODER_RESUME";

    /// <summary>The folder of all searches.</summary>
    public string RunsFolder { get; init; } = "runs";

    /// <summary>
    /// Which actions the children of an expansion take; see <see cref="ActionPlan"/>. The paper's plan also goes without
    /// the fast answer and takes programs and thoughts alike.
    /// </summary>
    public string Actions { get; init; } = "competing";

    /// <summary>Searches that may run at once; more are answered ResourceExhausted.</summary>
    public int MaxSearches { get; init; } = 16;

    /// <summary>
    /// Whether searches that were broken off are taken up again by themselves: at the start, and those of a coordinator
    /// that shares the folder and died, soon after.
    /// </summary>
    public bool Resume { get; init; } = true;

    /// <summary>Time between two looks for such searches.</summary>
    public TimeSpan ResumeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between two progress events.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Times that a call is made again when Policy or Sandbox is full or away.</summary>
    public int CallRetries { get; init; } = 4;

    /// <summary>The pause before the first of these; it doubles each time.</summary>
    public TimeSpan CallRetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Problems that an evaluation works on at once, so that the engine's batches are full.</summary>
    public int EvaluatedProblems { get; init; } = 3;

    /// <summary>Times that an evaluation tries a sample again when a service failed, before it gives up.</summary>
    public int EvaluationRetries { get; init; } = 3;

    /// <summary>Times that a program is run again after verdict InternalError.</summary>
    public int JudgeRetries { get; init; } = 2;

    /// <summary>How long one cache call may take.</summary>
    public TimeSpan CacheDeadline { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the cache is left alone after it failed repeatedly.</summary>
    public TimeSpan CacheBreak { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long cached values live.</summary>
    public TimeSpan CacheLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes that cached values, with their keys, may take in this process.</summary>
    public long MemoryCacheBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Makes a call again while the service is full (ResourceExhausted) or away (Unavailable).</summary>
    public ResiliencePipeline Retrying() =>
        Retries.While([StatusCode.ResourceExhausted, StatusCode.Unavailable], CallRetries, CallRetryDelay);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is out of range; the message names it.</exception>
    public static CoordinatorOptions From(IConfiguration configuration)
    {
        var options = new CoordinatorOptions();
        if (configuration[RunsVariable] is { Length: > 0 } folder)
        {
            options = options with { RunsFolder = folder };
        }

        if (configuration[SearchesVariable] is { Length: > 0 } text)
        {
            options = int.TryParse(text, out var searches) && searches is >= 1 and <= 1000
                ? options with { MaxSearches = searches }
                : throw new InvalidOperationException($"{SearchesVariable} is '{text}': expected a whole number from 1 to 1000");
        }

        if (configuration[ActionsVariable] is { Length: > 0 } actions)
        {
            options = actions is "competing" or "paper" or "direct"
                ? options with { Actions = actions }
                : throw new InvalidOperationException($"{ActionsVariable} is '{actions}': expected competing, paper or direct");
        }

        if (configuration[ResumeVariable] is { Length: > 0 } resume)
        {
            options = resume is "0" or "1"
                ? options with { Resume = resume == "1" }
                : throw new InvalidOperationException($"{ResumeVariable} is '{resume}': expected 0 or 1");
        }

        return options;
    }
}
