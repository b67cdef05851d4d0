using Microsoft.Extensions.Options;

namespace O1Coder.Prm;

/// <summary>Scores steps: by the tag's labels with an adapter, by questions without one.</summary>
internal sealed class StepScorer(LabelScorer scorer, IOptions<PrmOptions> options)
{
    /// <summary>A score for each step of a path.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="steps">The steps, at least one.</param>
    /// <param name="adapter">The adapter; null: "prm" where Policy has it; empty: none.</param>
    /// <param name="ticket">Where the requests stand in Policy's queue; null for no place in particular.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <exception cref="Grpc.Core.RpcException">Policy failed.</exception>
    public async Task<Scores> ScoreStepsAsync(
        V1.Problem problem, IReadOnlyList<V1.ReasoningStep> steps, string? adapter, V1.QueueTicket? ticket,
        CancellationToken cancellationToken)
    {
        var chosen = await scorer.ChooseAdapterAsync(adapter, cancellationToken);
        if (chosen.Length == 0)
        {
            return await AskAsync(
                [.. Enumerable.Range(1, steps.Count).Select(count => Question(problem, [.. steps.Take(count)]))], ticket, cancellationToken);
        }

        var request = Path(problem, steps, firstLabelled: 0, chosen);
        request.Ticket = ticket;
        var (margins, model) = await scorer.ScoreAsync(request, cancellationToken);
        return new Scores(margins, V1.PrmMode.Trained, model);
    }

    /// <summary>A score for each candidate for the step after a prefix.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="prefix">The steps before; may be empty.</param>
    /// <param name="candidates">The candidates, at least one.</param>
    /// <param name="adapter">The adapter, as in <see cref="ScoreStepsAsync"/>.</param>
    /// <param name="ticket">As in <see cref="ScoreStepsAsync"/>.</param>
    /// <param name="cancellationToken">Ends the calls.</param>
    /// <exception cref="Grpc.Core.RpcException">Policy failed.</exception>
    public async Task<Scores> CompareAsync(
        V1.Problem problem, IReadOnlyList<V1.ReasoningStep> prefix, IReadOnlyList<V1.ReasoningStep> candidates, string? adapter,
        V1.QueueTicket? ticket, CancellationToken cancellationToken)
    {
        var chosen = await scorer.ChooseAdapterAsync(adapter, cancellationToken);
        var paths = candidates.Select(candidate => (IReadOnlyList<V1.ReasoningStep>)[.. prefix, candidate]).ToList();
        return await AskAsync(
            [.. paths.Select(path => chosen.Length == 0 ? Question(problem, path) : Path(problem, path, prefix.Count, chosen))], ticket,
            cancellationToken);
    }

    // One call each, some at once: what their prompts share is in Policy's prefix cache after the first.
    private async Task<Scores> AskAsync(
        IReadOnlyList<V1.ScoreLabelsRequest> requests, V1.QueueTicket? ticket, CancellationToken cancellationToken)
    {
        var margins = new double[requests.Count];
        V1.ModelIdentity? model = null;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Calls, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, requests.Count, parallel, async (i, token) =>
        {
            requests[i].Ticket = ticket;
            var (one, answered) = await scorer.ScoreAsync(requests[i], token);
            margins[i] = one[0];
            model = answered;
        });
        return new Scores(margins, requests[0].Adapter.Length == 0 ? V1.PrmMode.ZeroShot : V1.PrmMode.Trained, model);
    }

    private static V1.ScoreLabelsRequest Question(V1.Problem problem, IReadOnlyList<V1.ReasoningStep> steps) => new()
    {
        Prompt = new V1.Prompt { Parts = { new V1.PromptPart { Chat = PrmTexts.Question(problem, steps) } } },
        Segments = { new V1.LabelSegment { Text = Text(PrmTexts.AnswerOpening) } },
        Labels = { PrmTexts.Yes, PrmTexts.No },
    };

    // Each text is a part of its own, since the trainer tokenises them so.
    private static V1.ScoreLabelsRequest Path(V1.Problem problem, IReadOnlyList<V1.ReasoningStep> steps, int firstLabelled, string adapter)
    {
        var request = new V1.ScoreLabelsRequest
        {
            Prompt = Text(PrmTexts.Problem(problem)),
            Labels = { PrmTexts.Good, PrmTexts.Bad },
            Adapter = adapter,
        };
        for (var i = 0; i < steps.Count; i++)
        {
            var text = Text(PrmTexts.Step(steps[i], i + 1));
            if (i < firstLabelled)
            {
                request.Prompt.Parts.AddRange([.. text.Parts, .. Text(PrmTexts.Tag).Parts]);
            }
            else
            {
                request.Segments.Add(new V1.LabelSegment { Text = text, Separator = Text(PrmTexts.Tag) });
            }
        }

        return request;
    }

    private static V1.Prompt Text(string text) => new() { Parts = { new V1.PromptPart { Text = text } } };
}
