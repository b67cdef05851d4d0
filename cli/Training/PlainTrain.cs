using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>A log that reads well in a file: what the Trainer does, a step every few seconds and the last one, and the result.</summary>
internal sealed class PlainTrain(Terminal terminal, TextWriter output) : IPresenter<TrainView, WatchResponse>
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);
    private readonly long _began = terminal.Clock.GetTimestamp();
    private long? _last;

    /// <inheritdoc/>
    public void Show(TrainView view, WatchResponse response)
    {
        if (response.EventCase == WatchResponse.EventOneofCase.Activity && view.Activity != "training")
        {
            Write(TerminalText.OneLine(response.Activity));
        }
        else if (response.Step is { } step && (_last is not { } last || terminal.Clock.GetElapsedTime(last) >= s_every || step.Step == step.Steps))
        {
            _last = terminal.Clock.GetTimestamp();
            Write(TrainWords.Describe(step));
        }
    }

    /// <inheritdoc/>
    public void Tick(TrainView view)
    {
    }

    /// <inheritdoc/>
    public void End(TrainView view, Ending ending)
    {
        if (ending == Ending.Done)
        {
            foreach (var line in TrainWords.Done(view.Ended!))
            {
                output.WriteLine(line);
            }

            output.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(string line)
    {
        output.WriteLine($"[{Words.Number(terminal.Clock.GetElapsedTime(_began).TotalSeconds, 1),6} s] {line}");
        output.Flush();
    }
}
