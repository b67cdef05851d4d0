using System.Text.Json;

namespace O1Coder.Cli.Display;

/// <summary>One JSON object on standard output when the work has ended; the plain log goes to standard error.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="log">The plain log; this disposes of it.</param>
/// <param name="result">What is printed.</param>
internal sealed class JsonPresenter<TView, TEvent>(
    Terminal terminal, IPresenter<TView, TEvent> log, Func<TView, Ending, object> result) : IPresenter<TView, TEvent>
{
    /// <inheritdoc/>
    public void Show(TView view, TEvent response) => log.Show(view, response);

    /// <inheritdoc/>
    public void Tick(TView view) => log.Tick(view);

    /// <inheritdoc/>
    public void End(TView view, Ending ending)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(result(view, ending), JsonOutput.Options));
        terminal.Out.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => log.Dispose();
}
