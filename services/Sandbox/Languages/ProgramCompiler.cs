using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>Compiles programs, each in a fresh box, and keeps what came of it.</summary>
internal sealed class ProgramCompiler : IDisposable
{
    private const int MostLogBytes = 1 << 20;
    private readonly CommandClient _client;
    private readonly Toolchains _toolchains;
    private readonly SandboxOptions _options;
    private readonly RunFolder _folder;
    private readonly CompileCache _cache;

    /// <summary>Makes the cache's folder.</summary>
    /// <exception cref="SandboxUnavailableException">It cannot be made.</exception>
    public ProgramCompiler(
        CommandClient client, Toolchains toolchains, IOptions<SandboxOptions> options, ILogger<ProgramCompiler> logger)
    {
        (_client, _toolchains, _options) = (client, toolchains, options.Value);
        _folder = RunFolder.CreateEmpty(_options.RunFolder);
        _cache = new CompileCache(_folder.Path, _options.CompileCacheBytes);
        Preparations = new Preparations(client, _options, _folder.Path, logger);
    }

    /// <summary>What was made ahead to speed up compilers.</summary>
    public Preparations Preparations { get; }

    /// <summary>The program of these sources.</summary>
    /// <param name="definition">The language.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="turn">Whose turn for a box it is.</param>
    /// <param name="cancellationToken">Ends the wait, and the compiler when nobody else waits for it.</param>
    /// <exception cref="RpcException">NotFound: the toolchain is not here. Unavailable and FailedPrecondition as of every box.</exception>
    public async Task<CompiledProgram> CompileAsync(LanguageDefinition definition, ProgramSources sources, ProgramTurn turn, CancellationToken cancellationToken)
    {
        var toolchain = await _toolchains.GetAsync(definition, cancellationToken);
        var key = Key(definition.Language, toolchain, definition.Compile(toolchain, sources, isPrepared: false), sources);
        return await _cache.GetAsync(key, token => CompileAsync(definition, toolchain, sources, turn, token), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>Everything that the compiled program depends on, hashed.</summary>
    private static string Key(Language language, InstalledToolchain toolchain, CompilePlan plan, ProgramSources sources) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
        {
            language,
            toolchain.Identity,
            plan.Command.Steps,
            plan.Command.Environment,
            plan.Added,
            plan.Shipped,
            sources.Main,
            sources.Files,
        })));

    private async Task<CompileOutcome> CompileAsync(
        LanguageDefinition definition, InstalledToolchain toolchain, ProgramSources sources, ProgramTurn turn, CancellationToken cancellationToken)
    {
        var prepared = Preparations.Find(definition, toolchain, sources);
        var plan = definition.Compile(toolchain, sources, prepared is not null);
        var request = new CommandRequest(plan.Command, Limits(), [.. sources.Files, .. plan.Added], default)
        {
            Collects = !plan.KeepsSources,
            CollectBytes = _options.CompileFileBytes,
            Placed = prepared is null ? [] : [(Preparation.Folder, prepared)],
        };
        CommandResult result;
        using (await turn.TakeBoxAsync(cancellationToken))
        {
            result = await _client.RunAsync(request, cancellationToken);
        }

        var facts = result.Facts;
        if (facts.Error is { } error)
        {
            return new CompileOutcome(error, "", []) { IsFinal = false, IsInternal = true };
        }

        var log = CompileLog.Cut((byte[])[.. facts.Output, .. facts.ErrorOutput]);
        if (LimitReached(facts, log) is { } limit)
        {
            return new CompileOutcome(limit, log, []) { IsFinal = false };
        }

        if (facts.ExitStatus != 0)
        {
            return new CompileOutcome("the program does not compile", log, []);
        }

        if (result.Fault is not null || (!plan.KeepsSources && result.Files.Count == 0))
        {
            return new CompileOutcome(result.Fault ?? "the compiler made no program of it", log, []);
        }

        var kept = (plan.KeepsSources ? sources.Files : []).Concat(plan.Shipped)
            .Select(file => new OutputFile(file.Name, false, Encoding.UTF8.GetBytes(file.Text)));
        return new CompileOutcome(null, log, [.. result.Files, .. kept]);
    }

    private BoxLimits Limits() => new(_options.CompileCpuSeconds, _options.CompileWallSeconds, _options.CompileMemoryBytes, 256, MostLogBytes,
        _options.CompileFileBytes, 256, 4 * _options.CompileFileBytes, 4096);

    private string? LimitReached(BoxFacts facts, string log)
    {
        const int SigKill = 9;
        const int SigXcpu = 24;
        const int SigXfsz = 25;
        var signal = facts.ExitStatus - 128;
        return facts.Reason switch
        {
            "cpu" => FormattableString.Invariant($"compile time limit: {_options.CompileCpuSeconds} s of CPU time"),
            "wall" => FormattableString.Invariant($"compile time limit: {_options.CompileWallSeconds} s"),
            "memory" => MemoryLimit(),
            "output" => FormattableString.Invariant($"compile log limit: {MostLogBytes} bytes"),
            _ when signal == SigXcpu => FormattableString.Invariant($"compile time limit: {_options.CompileCpuSeconds} s of CPU time"),
            // A driver outlives the compiler proper that the kernel killed, and ends as after any other error.
            _ when facts.Oom || signal == SigKill => MemoryLimit(),
            _ when facts.ExitStatus != 0 && (signal == SigXfsz || log.Contains("File size limit exceeded", StringComparison.Ordinal)
                || log.Contains("File too large", StringComparison.Ordinal)) => FormattableString.Invariant($"compile output limit: files of {_options.CompileFileBytes} bytes"),
            _ => null,
        };
    }

    private string MemoryLimit() => FormattableString.Invariant($"compile memory limit: {_options.CompileMemoryBytes >> 20} MiB");
}
