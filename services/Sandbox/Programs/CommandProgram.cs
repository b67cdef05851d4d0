using System.Text;
using O1Coder.Sandbox.Judging;
using O1Coder.Sandbox.Languages;

namespace O1Coder.Sandbox.Programs;

/// <summary>A program of a language that is compiled, or checked, before it runs.</summary>
internal sealed class CommandProgram(LanguageDefinition definition, ProgramSources sources, CompiledProgram program, ProgramRunner runner) : IReadyProgram
{
    /// <inheritdoc/>
    public string? CompileError => program.Outcome.Error;

    /// <inheritdoc/>
    public string CompileLog => program.Outcome.Log;

    /// <inheritdoc/>
    public bool IsCached => program.IsCached;

    /// <inheritdoc/>
    public async Task<BoxFacts> RunAsync(
        TestPlan plan, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, BoxLimits limits, bool trace, CancellationToken cancellationToken)
    {
        if (program.Outcome is { Error: { } error } outcome)
        {
            return outcome.IsInternal
                ? new BoxFacts { Error = error }
                : new BoxFacts { Reason = "exit", Status = 1 << 8, CompileError = new CompileFailure(0, error, outcome.Log) };
        }

        // The call comes on standard input and is answered on descriptor 3, over which nothing else has to be told.
        var texts = files.Select(file => KeyValuePair.Create(file.Key, Encoding.UTF8.GetString(file.Value.Span)));
        ReadOnlyMemory<byte>? channel = plan.Mode == BoxMode.Call ? ReadOnlyMemory<byte>.Empty : null;
        var result = await runner.RunAsync(definition, program, sources, limits, plan.Input, texts, channel, cancellationToken);
        return result.Facts with { Channel = result.Channel };
    }

    /// <inheritdoc/>
    public void Dispose() => program.Dispose();
}
