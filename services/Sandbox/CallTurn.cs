namespace O1Coder.Sandbox;

/// <summary>One call's place in the sandbox and in the round of who gets the next box.</summary>
internal sealed class CallTurn(Admission admission) : IDisposable
{
    private Admission? _admission = admission;

    /// <summary>The call's programs that wait for a box; under the gate of <see cref="Admission"/>.</summary>
    internal LinkedList<ProgramTurn> Waiting { get; } = [];

    /// <summary>Adds a program to the call.</summary>
    public ProgramTurn AddProgram() => new(_admission ?? throw new ObjectDisposedException(nameof(CallTurn)), this);

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _admission, null)?.Leave();
}
