namespace O1Coder.Coordinator;

/// <summary>Carries out evaluations, for EvaluationService and for self-play's gate.</summary>
internal interface IEvaluator
{
    /// <summary>Runs an evaluation to its end, or goes on with an interrupted one of the same request.</summary>
    /// <param name="request">As for EvaluationService.Evaluate.</param>
    /// <param name="report">Gets every event as it happens.</param>
    /// <param name="cancellationToken">Ends it; what was done is kept.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="Grpc.Core.RpcException">As EvaluationService.Evaluate.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<V1.EvaluationFinished> RunAsync(
        V1.EvaluateRequest request, Func<V1.EvaluateResponse, ValueTask> report, CancellationToken cancellationToken);
}
