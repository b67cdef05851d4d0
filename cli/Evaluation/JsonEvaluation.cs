using System.Text.Json;
using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>One JSON object on standard output when it has ended; the plain log goes to standard error.</summary>
internal sealed class JsonEvaluation(Terminal terminal) : IEvaluationPresenter
{
    private readonly PlainEvaluation _log = new(terminal, terminal.Error);

    /// <inheritdoc/>
    public void Show(EvaluationView view, EvaluateResponse response) => _log.Show(view, response);

    /// <inheritdoc/>
    public void Tick(EvaluationView view) => _log.Tick(view);

    /// <inheritdoc/>
    public void End(EvaluationView view, EvaluationEnding ending)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(EvaluationResult.Of(view, ending), JsonOutput.Options));
        terminal.Out.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();
}
