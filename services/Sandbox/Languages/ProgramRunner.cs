using System.Text;

namespace O1Coder.Sandbox.Languages;

/// <summary>Runs a compiled program, each time in a fresh box.</summary>
internal sealed class ProgramRunner(CommandClient client, Toolchains toolchains)
{
    private const int MostExplained = 64 << 10;

    private static readonly Dictionary<int, string> s_signals = new()
    {
        [4] = "SIGILL: an illegal instruction",
        [5] = "SIGTRAP: a trap",
        [6] = "SIGABRT: it gave up",
        [7] = "SIGBUS: a bad address",
        [8] = "SIGFPE: a division by zero or the like",
        [9] = "SIGKILL",
        [11] = "SIGSEGV: a bad address, or the stack ran out",
        [15] = "SIGTERM",
        [25] = "SIGXFSZ: a file became larger than its limit",
        [31] = "SIGSYS: a forbidden system call",
    };

    /// <summary>Runs it once. The box must have been admitted.</summary>
    /// <param name="definition">The language.</param>
    /// <param name="program">The program; it must stay undisposed during the run.</param>
    /// <param name="sources">What it was compiled of.</param>
    /// <param name="limits">The caller's limits.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="files">Text files beside the program, by name: they lie in its working folder.</param>
    /// <param name="channel">What the program can read on descriptor 3, or null for no descriptor 3.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>
    /// The facts say <c>memory</c> as the reason where the runtime reported that it ran out of memory, and a program that
    /// a signal ended has a line about it at the end of its standard error.
    /// </returns>
    public async Task<CommandResult> RunAsync(LanguageDefinition definition, CompiledProgram program, ProgramSources sources, BoxLimits limits,
        ReadOnlyMemory<byte> input, IEnumerable<KeyValuePair<string, string>> files, ReadOnlyMemory<byte>? channel, CancellationToken cancellationToken)
    {
        var toolchain = await toolchains.GetAsync(definition, cancellationToken);
        var overhead = definition.Overhead;
        var request = new CommandRequest(definition.Run(toolchain, sources, limits), limits with
        {
            MemoryBytes = limits.MemoryBytes + overhead.MemoryBytes,
            Processes = limits.Processes + overhead.Processes,
            OpenFiles = limits.OpenFiles + overhead.OpenFiles,
        }, [.. files.Select(file => new SourceFile(file.Key, file.Value))], input)
        {
            Placed = [(CompilePlan.ProgramFolder, program.Folder)],
            Channel = channel,
        };
        var result = await client.RunAsync(request, cancellationToken);
        return result with { Facts = Explain(definition, result.Facts, limits) };
    }

    private static BoxFacts Explain(LanguageDefinition definition, BoxFacts facts, BoxLimits limits)
    {
        if (facts.Error is not null || facts.Reason != "exit" || facts.ExitStatus == 0)
        {
            return facts;
        }

        var errors = facts.ErrorOutput;
        if (definition.RanOutOfMemory(facts, Encoding.UTF8.GetString(errors.AsSpan()[Math.Max(0, errors.Length - MostExplained)..]), limits))
        {
            return facts with { Reason = "memory" };
        }

        return (facts.Status & 0x7f) > 0 && s_signals.TryGetValue(facts.ExitStatus - 128, out var signal)
            ? facts with { ErrorOutput = [.. errors, .. Encoding.UTF8.GetBytes($"{(errors.Length > 0 && errors[^1] != '\n' ? "\n" : "")}[ended by {signal}]\n")] }
            : facts;
    }
}
