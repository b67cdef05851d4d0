using System.Text.Json;
using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>One JSON object on standard output when the job has ended; the plain log goes to standard error.</summary>
internal sealed class JsonTrain(Terminal terminal) : ITrainPresenter
{
    private readonly PlainTrain _log = new(terminal, terminal.Error);

    /// <inheritdoc/>
    public void Show(TrainView view, WatchResponse response) => _log.Show(view, response);

    /// <inheritdoc/>
    public void Tick(TrainView view) => _log.Tick(view);

    /// <inheritdoc/>
    public void End(TrainView view, TrainEnding ending)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(TrainResult.Of(view, ending), JsonOutput.Options));
        terminal.Out.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();
}
