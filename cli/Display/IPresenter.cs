namespace O1Coder.Cli.Display;

/// <summary>Shows work that a coordinator does to somebody. Called from one thread at a time.</summary>
/// <typeparam name="TView">All that is known of the work.</typeparam>
/// <typeparam name="TEvent">What the coordinator streams of it.</typeparam>
internal interface IPresenter<in TView, in TEvent> : IDisposable
{
    /// <summary>An event came; <paramref name="view"/> holds it already.</summary>
    void Show(TView view, TEvent response);

    /// <summary>A tenth of a second went by.</summary>
    void Tick(TView view);

    /// <summary>The last call: shows the result. An error's line is the caller's to report.</summary>
    void End(TView view, Ending ending);
}
