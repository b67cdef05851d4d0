using O1Coder.Sandbox.Judging;

namespace O1Coder.Sandbox.Programs;

/// <summary>A Python program; the interpreter compiles it in the box where it runs.</summary>
internal sealed class PythonProgram(string source, BoxRunner boxes) : IReadyProgram
{
    /// <inheritdoc/>
    public string? CompileError => null;

    /// <inheritdoc/>
    public string CompileLog => "";

    /// <inheritdoc/>
    public bool IsCached => false;

    /// <inheritdoc/>
    public Task<BoxFacts> RunAsync(
        TestPlan plan, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, BoxLimits limits, bool trace, CancellationToken cancellationToken) =>
        boxes.RunAsync(new BoxRequest(source, plan.Mode, plan.Input, limits) { Test = plan.Test ?? "", Files = files, Trace = trace }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held between runs.
    }
}
