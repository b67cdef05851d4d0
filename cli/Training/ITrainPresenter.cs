using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>Shows a job to somebody. Called from one thread at a time.</summary>
internal interface ITrainPresenter : IDisposable
{
    /// <summary>An event came; <paramref name="view"/> holds it already.</summary>
    void Show(TrainView view, WatchResponse response);

    /// <summary>A tenth of a second went by.</summary>
    void Tick(TrainView view);

    /// <summary>The last call: shows the result. An error's line is the caller's to report.</summary>
    void End(TrainView view, TrainEnding ending);
}
