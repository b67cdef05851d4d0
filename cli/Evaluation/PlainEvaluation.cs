using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>A log that reads well in a file: a line an arm, one of progress every few seconds at most, and the result.</summary>
internal sealed class PlainEvaluation(Terminal terminal, TextWriter output) : IPresenter<EvaluationView, EvaluateResponse>
{
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(5);
    private readonly long _began = terminal.Clock.GetTimestamp();
    private long _lastProgress = terminal.Clock.GetTimestamp();
    private bool _titled;

    /// <inheritdoc/>
    public void Show(EvaluationView view, EvaluateResponse response)
    {
        var arm = view.Current;
        switch (response.EventCase)
        {
            case EvaluateResponse.EventOneofCase.Started:
                if (!_titled)
                {
                    Write(EvaluationWords.Title(view.Job));
                    _titled = true;
                }

                Write($"{TerminalText.OneLine(arm.Name)}: {EvaluationWords.Weights(response.Started.Model)}, "
                    + $"{Words.Count(response.Started.KnownSamples)} of {Words.Count(response.Started.Samples)} samples known");
                break;
            case EvaluateResponse.EventOneofCase.Progress when terminal.Clock.GetElapsedTime(_lastProgress) >= s_progressEvery:
                _lastProgress = terminal.Clock.GetTimestamp();
                Write($"{TerminalText.OneLine(arm.Name)}: {EvaluationWords.Standing(arm)}");
                break;
            case EvaluateResponse.EventOneofCase.Finished:
                Write($"{TerminalText.OneLine(arm.Name)}: {EvaluationWords.Standing(arm)}");
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public void Tick(EvaluationView view)
    {
    }

    /// <inheritdoc/>
    public void End(EvaluationView view, Ending ending) => EvaluationTable.Write(terminal, output, view);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(string line)
    {
        var seconds = terminal.Clock.GetElapsedTime(_began).TotalSeconds;
        output.WriteLine($"[{Words.Number(seconds, 1),7} s] {line}");
        output.Flush();
    }
}
