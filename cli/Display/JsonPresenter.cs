using System.Text.Json;
using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Display;

/// <summary>One JSON object on standard output when the search has ended; the plain log goes to standard error.</summary>
internal sealed class JsonPresenter(Terminal terminal) : IPresenter
{
    private readonly PlainPresenter _log = new(terminal, terminal.Error);

    public void Begin(SearchView view) => _log.Begin(view);

    public void Show(SearchView view, SolveResponse response) => _log.Show(view, response);

    public void Tick(SearchView view) => _log.Tick(view);

    public void End(SearchView view, Ending ending)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(SolveResult.Of(view, ending), JsonOutput.Options));
        terminal.Out.Flush();
    }

    public void Dispose() => _log.Dispose();
}
