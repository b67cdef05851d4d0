using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>Shows a run to somebody. Called from one thread at a time.</summary>
internal interface IPlayPresenter : IDisposable
{
    /// <summary>An event came; <paramref name="view"/> holds it already.</summary>
    void Show(PlayView view, PlayResponse response);

    /// <summary>A tenth of a second went by.</summary>
    void Tick(PlayView view);

    /// <summary>The last call: shows the result. An error's line is the caller's to report.</summary>
    void End(PlayView view, PlayEnding ending);
}
