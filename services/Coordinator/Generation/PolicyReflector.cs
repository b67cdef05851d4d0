using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Puts into words what is wrong with a program, with the language model behind Policy.</summary>
internal sealed class PolicyReflector(
    PolicyGenerator generator, SolvePlan plan, V1.GetModelResponse model, V1.QueueTicket ticket, ProgressMeter meter) : IReflector
{
    private readonly ProblemView _problem = ProblemView.Of(plan);

    /// <inheritdoc/>
    public async Task<Reflection> ReflectAsync(ReflectionRequest request, CancellationToken cancellationToken)
    {
        using var span = CoordinatorTelemetry.Source.StartActivity("reflection");
        span?.SetTag("o1coder.node", request.Node.Number);
        span?.SetTag("o1coder.kind", request.Kind.ToString());
        using var activity = meter.Doing(request.Kind == ReflectionKind.Failure ? "thinking over a failure" : "reviewing a program");
        var asked = RequestFor(_problem, plan.WireOptions, request, model.ContextLength);
        asked.Adapter = model.Model.Adapter;
        asked.Ticket = ticket;
        var said = (await generator.GenerateAsync(asked, model, meter, cancellationToken)).Continuations[0];
        return new Reflection(said.Text.Trim(), said.Tokens.Count);
    }

    /// <summary>What Policy is asked for, without an adapter and a place in the queue.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="options">How to sample.</param>
    /// <param name="request">What is to be said.</param>
    /// <param name="contextTokens">Tokens that the model can read and write.</param>
    public static V1.GenerateRequest RequestFor(
        ProblemView problem, V1.SearchOptions options, ReflectionRequest request, int contextTokens)
    {
        var failure = ThinkingTexts.Cut(request.Judgement.Failure, contextTokens);
        var thoughts = request.Path.Where(node => node.Action == StepAction.Think).Select(node => node.Text).ToList();
        return new V1.GenerateRequest
        {
            Prompt = Prompts.Chat(
                request.Kind == ReflectionKind.Failure
                    ? ThinkingTexts.WhyItFails(problem, thoughts, request.Program, failure)
                    : ThinkingTexts.Critique(problem, request.Program, failure),
                opening: ""),
            Sequences = 1,
            Sampling = new V1.SamplingParameters
            {
                Temperature = options.Temperature,
                TopK = options.TopK,
                TopP = options.TopP,
                MaxTokens = options.MaxStepTokens,
                Seed = request.Seed,

                // Words alone were asked for.
                Stop = { PromptTexts.Fence },
            },
        };
    }
}
