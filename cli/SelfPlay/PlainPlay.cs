using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>A log that reads well in a file: a line when a step begins and ends, progress every few seconds, the result.</summary>
internal sealed class PlainPlay(Terminal terminal, TextWriter output) : IPresenter<PlayView, PlayResponse>
{
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(5);
    private readonly long _began = terminal.Clock.GetTimestamp();
    private long _lastProgress = terminal.Clock.GetTimestamp();

    /// <inheritdoc/>
    public void Show(PlayView view, PlayResponse response)
    {
        switch (response.EventCase)
        {
            case PlayResponse.EventOneofCase.Started:
                Write($"run {TerminalText.OneLine(view.Started!.Run)}: {view.Started.DoneSteps} of {view.Started.Steps} steps done, seed {view.Started.Settings?.Seed}, "
                    + $"model {TerminalText.OneLine(view.Started.Model?.ModelId ?? "")}, in {TerminalText.OneLine(view.Started.Folder)}");
                break;
            case PlayResponse.EventOneofCase.StepStarted:
                _lastProgress = terminal.Clock.GetTimestamp();
                Write($"step {response.StepStarted.Step}/{view.Started?.Steps}, {response.StepStarted.Name}: {TerminalText.OneLine(response.StepStarted.Title)}");
                break;
            case PlayResponse.EventOneofCase.Progress when terminal.Clock.GetElapsedTime(_lastProgress) >= s_progressEvery:
                _lastProgress = terminal.Clock.GetTimestamp();
                Write($"  {PlayWords.Standing(response.Progress)}");
                break;
            case PlayResponse.EventOneofCase.StepDone:
                Write($"  {PlayWords.Describe(response.StepDone)}");
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public void Tick(PlayView view)
    {
    }

    /// <inheritdoc/>
    public void End(PlayView view, Ending ending)
    {
        foreach (var line in PlayWords.Report(view, ending))
        {
            output.WriteLine(line);
        }

        output.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(string line)
    {
        output.WriteLine($"[{Words.Number(terminal.Clock.GetElapsedTime(_began).TotalSeconds, 1),7} s] {line}");
        output.Flush();
    }
}
