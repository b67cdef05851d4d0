using O1Coder.Sandbox.Judging;

namespace O1Coder.Sandbox.Programs;

/// <summary>A program that only has to be run: compiled where its language is, or refused by its compiler.</summary>
internal interface IReadyProgram : IDisposable
{
    /// <summary>Why it cannot be run, one line; null where it can, and where that shows only when it runs.</summary>
    string? CompileError { get; }

    /// <summary>What the compiler said.</summary>
    string CompileLog { get; }

    /// <summary>Whether nothing had to be compiled for it.</summary>
    bool IsCached { get; }

    /// <summary>Runs it in a fresh box; the caller has its turn.</summary>
    /// <param name="plan">What it is run for.</param>
    /// <param name="files">Files beside it.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="trace">Whether its steps are told; where they cannot be, nothing is.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="Grpc.Core.RpcException">FailedPrecondition; Unavailable when the launcher died.</exception>
    Task<BoxFacts> RunAsync(
        TestPlan plan, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, BoxLimits limits, bool trace, CancellationToken cancellationToken);
}
