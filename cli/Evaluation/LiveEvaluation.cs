using O1Coder.Cli.Display;
using O1Coder.V1;
using Spectre.Console;

namespace O1Coder.Cli.Evaluation;

/// <summary>The live view on a terminal's second screen, and after it, on the first, how it all came out.</summary>
internal sealed class LiveEvaluation(Terminal terminal) : IPresenter<EvaluationView, EvaluateResponse>
{
    private const int LeastBar = 10;
    private const int MostRecent = 8;
    private readonly LiveScreen _screen = new(terminal);

    // Events only change the state; the next tick shows them, ten times a second at most.

    /// <inheritdoc/>
    public void Show(EvaluationView view, EvaluateResponse response)
    {
    }

    /// <inheritdoc/>
    public void Tick(EvaluationView view)
    {
        if (view.Arms[0].Started is not null)
        {
            _screen.Draw(new Rows(Draw(view, _screen.Width).Take(_screen.Height)));
        }
    }

    /// <inheritdoc/>
    public void End(EvaluationView view, Ending ending)
    {
        _screen.Close();
        EvaluationTable.Write(terminal, terminal.Out, view);
    }

    /// <inheritdoc/>
    public void Dispose() => _screen.Close();

    private IEnumerable<Line> Draw(EvaluationView view, int width)
    {
        yield return new Line().Add(EvaluationWords.Title(view.Job), Styles.Strong)
            .AddRight(Words.Time(_screen.Elapsed), Styles.Quiet);
        foreach (var (arm, i) in view.Arms.Select((arm, i) => (arm, i)))
        {
            var progress = arm.Progress;
            var share = progress.Total == 0 ? 0 : (double)progress.Done / progress.Total;
            var cells = Math.Max(LeastBar, width / 3);
            var full = (int)Math.Round(share * cells);
            yield return new Line();
            yield return new Line().Add(TerminalText.OneLine(arm.Name), i == view.Running ? Styles.Accent : Style.Plain)
                .AddRight(EvaluationWords.Weights(arm.Started?.Model), Styles.Quiet);
            yield return new Line().Add(new string('━', full), arm.Finished is null ? Styles.Accent : Styles.Good)
                .Add(new string('─', cells - full), Styles.Quiet)
                .Add(arm.Started is null ? " waits" : $" {EvaluationWords.Standing(arm)}");
        }

        yield return new Line();
        foreach (var sample in view.Current.Samples.TakeLast(MostRecent).Reverse())
        {
            yield return new Line().Add($" {Styles.Sign(sample.Verdict)} ", Styles.Of(sample.Verdict))
                .Add(TerminalText.OneLine(sample.ProblemId)).Add($" #{sample.Sample}", Styles.Quiet)
                .Add($"  {sample.Passed}/{sample.Total} ", Styles.Strong)
                .Add(sample.Program.Length == 0 ? "no program" : Words.Describe(sample.Verdict), Styles.Of(sample.Verdict))
                .AddRight($"{Words.Count(sample.GeneratedTokens, "token")}, {Words.Number(sample.Seconds, 1)} s", Styles.Quiet);
        }
    }
}
