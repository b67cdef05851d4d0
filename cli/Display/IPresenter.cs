using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Display;

/// <summary>Shows a search to somebody. Called from one thread at a time.</summary>
internal interface IPresenter : IDisposable
{
    /// <summary>The request is about to be sent.</summary>
    void Begin(SearchView view);

    /// <summary>An event came; <paramref name="view"/> holds it already.</summary>
    void Show(SearchView view, SolveResponse response);

    /// <summary>A tenth of a second went by.</summary>
    void Tick(SearchView view);

    /// <summary>The last call: shows the result. An error's line is the caller's to report.</summary>
    void End(SearchView view, Ending ending);
}
