using Google.Protobuf;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>The folder of one evaluation: request.json, samples.jsonl and, at the end, result.json.</summary>
/// <param name="Id">The evaluation's name, also the folder's.</param>
/// <param name="Path">The folder, absolute.</param>
internal sealed record EvaluationFolder(string Id, string Path)
{
    private const int IdDigits = 16;
    private static readonly JsonFormatter s_json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithIndentation());

    /// <summary>The log of samples.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "samples.jsonl");

    /// <summary>The metrics, once it has ended.</summary>
    public string ResultPath => System.IO.Path.Combine(Path, "result.json");

    /// <summary>The folder of an evaluation: equal causes have the same.</summary>
    /// <param name="runs">The folder of all runs.</param>
    /// <param name="plan">The evaluation.</param>
    /// <param name="model">The weights that answer, adapter included, and how they are held.</param>
    /// <param name="helpers">The adapters of other services that have a part in it.</param>
    /// <param name="actions">The search's action plan.</param>
    public static EvaluationFolder Of(
        string runs, EvaluationPlan plan, V1.GetModelResponse model, V1.ListAdaptersResponse helpers, string actions)
    {
        var weights = new V1.GetModelResponse { Model = model.Model, Backend = model.Backend, Precision = model.Precision };
        var key = CacheKey.Of(
            "evaluation", plan.Canonical(), weights, helpers, new V1.ReasoningStep { Text = plan.Searches ? actions : "" },
            new V1.ReasoningStep { Text = Wording(plan) }, SandboxRunner.Limits);
        var id = key[(key.LastIndexOf(':') + 1)..][..IdDigits];
        return new EvaluationFolder(id, System.IO.Path.Combine(System.IO.Path.GetFullPath(runs), "evaluations", id));
    }

    // What the model reads beside the problem: samples of another wording are other samples.
    private static string Wording(EvaluationPlan plan)
    {
        var problem = plan.Problems[0].View;
        var words = new List<string> { PromptTexts.System, PromptTexts.User(problem, outlineFirst: false), PromptTexts.FenceOpening };
        if (plan.Searches)
        {
            words.AddRange(
                [PromptTexts.User(problem, outlineFirst: true), PromptTexts.OutlineOpening, PromptTexts.RefineOpening(2, ""), PromptTexts.CodeOpening(2, "")]);
            words.AddRange(ThinkingTexts.Wording(problem));
        }

        words.AddRange(Prompts.StopsOf(problem, StepAction.Code));
        return string.Join('\0', words);
    }

    /// <summary>Makes the folder, with the request in it, where it is not there yet.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public void Create(EvaluationPlan plan)
    {
        var request = System.IO.Path.Combine(Path, "request.json");
        if (!File.Exists(request))
        {
            Directory.CreateDirectory(Path);
            SearchFolder.WriteWhole(request, s_json.Format(plan.Request) + "\n");
        }
    }

    /// <summary>Keeps the metrics for people to read; the samples are what counts.</summary>
    public void WriteResult(V1.EvaluationFinished finished) => SearchFolder.WriteWhole(ResultPath, s_json.Format(finished) + "\n");
}
