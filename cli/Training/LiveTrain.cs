using O1Coder.Cli.Display;
using O1Coder.V1;
using Spectre.Console;

namespace O1Coder.Cli.Training;

/// <summary>The live view on a terminal's second screen, and after it, on the first, how it all came out.</summary>
internal sealed class LiveTrain(Terminal terminal) : IPresenter<TrainView, WatchResponse>
{
    private const int LeastBar = 10;
    private readonly LiveScreen _screen = new(terminal);

    // Events only change the state; the next tick shows them, ten times a second at most.

    /// <inheritdoc/>
    public void Show(TrainView view, WatchResponse response)
    {
    }

    /// <inheritdoc/>
    public void Tick(TrainView view)
    {
        // A job that is refused at once should not make the screen flash.
        if (view.IsAccepted)
        {
            _screen.Draw(new Rows(Draw(view, _screen.Width).Take(_screen.Height)));
        }
    }

    /// <inheritdoc/>
    public void End(TrainView view, Ending ending)
    {
        _screen.Close();
        if (ending == Ending.Done)
        {
            foreach (var line in TrainWords.Done(view.Ended!))
            {
                terminal.Out.WriteLine(line);
            }

            terminal.Out.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _screen.Close();

    private IEnumerable<Line> Draw(TrainView view, int width)
    {
        yield return new Line().Add(view.Job.Title, Styles.Strong)
            .AddRight(Words.Time(_screen.Elapsed), Styles.Quiet);
        yield return new Line().Add(view.Job.Job.OutputFolder, Styles.Quiet);
        yield return new Line();
        if (view.Step is not { } step)
        {
            yield return new Line().Add(view.Activity, Styles.Accent);
            yield break;
        }

        var cells = Math.Max(LeastBar, width / 3);
        var full = (int)Math.Round((double)step.Step / Math.Max(1, step.Steps) * cells);
        yield return new Line().Add(new string('━', full), Styles.Accent).Add(new string('─', cells - full), Styles.Quiet)
            .Add($" step {Words.Count(step.Step)} of {Words.Count(step.Steps)}, epoch {step.Epoch}")
            .AddRight($"{Words.Time(step.SecondsLeft)} left", Styles.Quiet);
        yield return new Line();
        yield return new Line().Add("loss             ", Styles.Quiet).Add(Words.Number(step.Loss, 4), Styles.Strong)
            .Add(step.Accuracy > 0 ? $"   accuracy {Words.Number(step.Accuracy * 100, 1)} %" : "");
        yield return new Line().Add(Sparkline.Of(view.Losses, width - 1), Styles.Accent);
        yield return new Line().Add("gradient norm    ", Styles.Quiet).Add(Words.Number(step.GradientNorm, 3));
        yield return new Line().Add("learning rate    ", Styles.Quiet).Add(step.LearningRate.ToString("0.###e+0", System.Globalization.CultureInfo.InvariantCulture));
        yield return new Line().Add("tokens a second  ", Styles.Quiet).Add(Words.Number(step.TokensPerSecond, 0));
        if (view.Activity != "training")
        {
            yield return new Line();
            yield return new Line().Add(view.Activity, Styles.Quiet);
        }
    }
}
