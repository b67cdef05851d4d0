using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>Which languages this machine offers. They are looked for once, in the background, when the service starts.</summary>
internal sealed class Toolchains(CommandClient client, ILogger<Toolchains> logger)
{
    // Of the whole process: a second service asks nothing again.
    private static readonly ToolchainProbe s_probe = new();
    private readonly Lock _gate = new();
    private Task<IReadOnlyDictionary<Language, InstalledToolchain>>? _found;

    /// <summary>Every language but Python, whose interpreter the launcher is itself.</summary>
    public static IReadOnlyList<LanguageDefinition> Definitions { get; } =
        [new CppLanguage(), new CLanguage(), new JavaLanguage(), new JavaScriptLanguage(), new RustLanguage(), new GoLanguage(), new CSharpLanguage()];

    /// <summary>The definition of a language.</summary>
    /// <exception cref="ArgumentException">Python, or a number that is no language.</exception>
    public static LanguageDefinition Definition(Language language) => Definitions.FirstOrDefault(definition => definition.Language == language)
        ?? throw new ArgumentException($"no command runs {language}", nameof(language));

    /// <summary>What was found.</summary>
    public Task<IReadOnlyDictionary<Language, InstalledToolchain>> FindAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // For all who ask; each waits with its own token. What failed, by a launcher that died say, is tried again.
            if (_found is null or { IsFaulted: true })
            {
                _found = Task.Run(LookAsync, CancellationToken.None);
            }

            return _found.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The toolchain of a language.</summary>
    /// <exception cref="RpcException">NotFound, with what to install.</exception>
    public async Task<InstalledToolchain> GetAsync(LanguageDefinition definition, CancellationToken cancellationToken) =>
        (await FindAsync(cancellationToken)).TryGetValue(definition.Language, out var toolchain)
            ? toolchain
            : throw new RpcException(new Status(StatusCode.NotFound,
                $"{definition.Name} cannot be run on this machine; install {definition.Install} and start the sandbox again"));

    private async Task<IReadOnlyDictionary<Language, InstalledToolchain>> LookAsync()
    {
        var found = new Dictionary<Language, InstalledToolchain>();
        foreach (var definition in Definitions)
        {
            try
            {
                if (await definition.FindAsync(s_probe, CancellationToken.None) is { } toolchain && await CanBoxAsync(definition))
                {
                    found[definition.Language] = toolchain;
                    logger.LogInformation("{Language} {Version} at {Path}", definition.Name, toolchain.Version, toolchain.Path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A toolchain that this user may not read is none; the others are looked for all the same.
                logger.LogWarning("{Language} is left out: {Reason}", definition.Name, exception.Message);
            }
        }

        return found;
    }

    /// <summary>Whether boxes of the language can be made: some containers hide parts of /proc, and then none can be mounted.</summary>
    private async Task<bool> CanBoxAsync(LanguageDefinition definition)
    {
        if (!definition.NeedsProc)
        {
            return true;
        }

        var command = new BoxCommand([["/nothing"]], BoxView.Empty, new Dictionary<string, string>()) { NeedsProc = true };
        var limits = new BoxLimits(5, 10, 64L << 20, 8, 4096, 0, 16, 1L << 20, 16);
        var facts = (await client.RunAsync(new CommandRequest(command, limits, [], default), CancellationToken.None)).Facts;
        if (facts.Error is { } error)
        {
            logger.LogWarning("{Language} is left out: a box of it needs /proc ({Reason})", definition.Name, error);
        }

        return facts.Error is null;
    }
}
