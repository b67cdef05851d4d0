using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>Shows an evaluation to somebody. Called from one thread at a time.</summary>
internal interface IEvaluationPresenter : IDisposable
{
    /// <summary>An event came; <paramref name="view"/> holds it already.</summary>
    void Show(EvaluationView view, EvaluateResponse response);

    /// <summary>A tenth of a second went by.</summary>
    void Tick(EvaluationView view);

    /// <summary>The last call: shows the result. An error's line is the caller's to report.</summary>
    void End(EvaluationView view, EvaluationEnding ending);
}
