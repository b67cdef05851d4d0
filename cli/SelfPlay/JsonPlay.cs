using System.Text.Json;
using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>One JSON object on standard output when it has ended; the plain log goes to standard error.</summary>
internal sealed class JsonPlay(Terminal terminal) : IPlayPresenter
{
    private readonly PlainPlay _log = new(terminal, terminal.Error);

    /// <inheritdoc/>
    public void Show(PlayView view, PlayResponse response) => _log.Show(view, response);

    /// <inheritdoc/>
    public void Tick(PlayView view) => _log.Tick(view);

    /// <inheritdoc/>
    public void End(PlayView view, PlayEnding ending)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(PlayResult.Of(view, ending), JsonOutput.Options));
        terminal.Out.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();
}
