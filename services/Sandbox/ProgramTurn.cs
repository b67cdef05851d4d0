namespace O1Coder.Sandbox;

/// <summary>One program's turn among those of its call.</summary>
internal sealed class ProgramTurn(Admission admission, CallTurn call)
{
    /// <summary>The call that the program came with.</summary>
    internal CallTurn Call { get; } = call;

    /// <summary>The tests of the program that wait for a box; under the gate of <see cref="Admission"/>.</summary>
    internal LinkedList<TaskCompletionSource> Wanted { get; } = [];

    /// <summary>Boxes that the program may use at once, where nobody else wants them.</summary>
    public int AtOnce => admission.Boxes;

    /// <summary>Waits until it is the program's turn and a box is free.</summary>
    /// <returns>Dispose it to give the box back.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; no box is held.</exception>
    public Task<IDisposable> TakeBoxAsync(CancellationToken cancellationToken) => admission.TakeBoxAsync(this, cancellationToken);
}
