using System.Collections.Concurrent;
using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>
/// Makes each language's preparation once, in the background, when it has been missed often enough to pay; nobody waits
/// for it.
/// </summary>
internal sealed class Preparations(CommandClient client, SandboxOptions options, string folder, ILogger logger)
{
    // A precompiled header is the largest, of some 120 MB, and takes its compiler several seconds.
    private static readonly BoxLimits s_limits = new(120, 300, 1L << 30, 64, 1L << 20, 512L << 20, 256, 1L << 30, 4096);
    private readonly ConcurrentDictionary<Language, State> _states = new();

    /// <summary>The folder of what was prepared; null while there is none, which starts the making when it is due.</summary>
    public string? Find(LanguageDefinition definition, InstalledToolchain toolchain, ProgramSources sources)
    {
        if (options.PrepareAfter == 0 || !definition.UsesPreparation(sources))
        {
            return null;
        }

        var state = _states.GetOrAdd(definition.Language, _ => new State());
        if (Interlocked.Increment(ref state.Missed) == options.PrepareAfter)
        {
            state.Made = MakeAsync(definition, toolchain);
        }

        return state.Made is { IsCompletedSuccessfully: true } made ? made.Result : null;
    }

    /// <summary>Waits until nothing is being made; for tests.</summary>
    public Task SettleAsync() => Task.WhenAll(_states.Values.Select(state => state.Made).OfType<Task>());

    private async Task<string?> MakeAsync(LanguageDefinition definition, InstalledToolchain toolchain)
    {
        try
        {
            var preparation = definition.Prepare(toolchain);
            var request = new CommandRequest(preparation.Command, s_limits, preparation.Files, default)
            {
                Collects = true,
                CollectBytes = s_limits.FileBytes,
                IsBackground = true,
            };
            var result = await client.RunAsync(request, CancellationToken.None);
            if (result.Facts.ExitStatus == 0 && result.Files.Count > 0)
            {
                var files = result.Files.Select(file => file with { Name = Path.Combine(preparation.Subfolder, file.Name) });
                return CacheEntry.Write(new CompileOutcome(null, "", [.. files]), Path.Combine(folder, $"prepared-{definition.Language}")).Folder;
            }

            logger.LogWarning("{Language}: nothing could be prepared ({Reason})", definition.Name, result.Facts.Error ?? result.Fault ?? result.Facts.Reason);
        }
        catch (Exception exception) when (exception is Grpc.Core.RpcException or IOException or InvalidDataException)
        {
            logger.LogWarning("{Language}: nothing could be prepared ({Reason})", definition.Name, exception.Message);
        }

        return null;
    }

    private sealed class State
    {
        public int Missed;

        public volatile Task<string?>? Made;
    }
}
