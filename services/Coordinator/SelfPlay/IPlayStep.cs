namespace O1Coder.Coordinator;

/// <summary>One step of a run. Equal inputs and settings make an interrupted step go on where it was.</summary>
internal interface IPlayStep
{
    /// <summary>Its name, of letters, digits and '-'.</summary>
    string Name { get; }

    /// <summary>What it does, in one line.</summary>
    string Title { get; }

    /// <summary>The part of Algorithm 1, 1 to 6; 0 for evaluations.</summary>
    int Part { get; }

    /// <summary>The iteration, from 1; 0 before the first.</summary>
    int Iteration { get; }

    /// <summary>The files that it reads, by their paths in the run's folder; one that is not there counts as empty.</summary>
    /// <param name="adapters">The adapters in use before it, by role.</param>
    IReadOnlyList<string> Inputs(AdaptersInUse adapters);

    /// <summary>Does it.</summary>
    /// <exception cref="Grpc.Core.RpcException">A service failed for good.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was done is kept.</exception>
    Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken);
}
