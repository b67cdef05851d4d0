using System.Diagnostics;
using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Writes next steps with the language model behind Policy.</summary>
internal sealed class PolicyProposer(
    PolicyGenerator generator, SolvePlan plan, V1.GetModelResponse model, V1.QueueTicket ticket, ProgressMeter meter) : IProposer
{
    // Below this a program cannot be finished before the context is full.
    private const int LeastRoom = 64;

    private readonly ProblemView _problem = ProblemView.Of(plan);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Proposal>> ProposeAsync(ProposalRequest request, CancellationToken cancellationToken)
    {
        using var span = CoordinatorTelemetry.Source.StartActivity("expansion", ActivityKind.Internal);
        span?.SetTag("o1coder.node", request.Node.Number);
        span?.SetTag("o1coder.action", request.Action.ToString());
        span?.SetTag("o1coder.samples", request.Count);
        if (request.Node.Carry is StepCarry carry && carry.Tokens.Count + LeastRoom > model.ContextLength)
        {
            // The path has filled the context: it ends here without a program.
            return [.. Enumerable.Repeat(new Proposal { Text = "", Tokens = 0, Terminal = true }, request.Count)];
        }

        using var activity = meter.Doing(request.Action.WritesProgram() ? "writing a program" : "thinking");
        var inherited = (request.Node.Carry as StepCarry)?.Tokens.Count ?? 0;
        var asked = RequestFor(_problem, plan.WireOptions, request);
        asked.Adapter = model.Model.Adapter;
        asked.Ticket = ticket;
        var generation = await generator.GenerateAsync(asked, model, meter, cancellationToken);
        return [.. generation.Continuations.Select(continuation => Read(generation, continuation, request, inherited))];
    }

    /// <summary>What Policy is asked for, without an adapter and a place in the queue.</summary>
    public static V1.GenerateRequest RequestFor(ProblemView problem, V1.SearchOptions options, ProposalRequest request)
    {
        var code = request.Action.WritesProgram();
        var sampling = new V1.SamplingParameters
        {
            Temperature = request.Greedy ? 0 : options.Temperature,
            TopK = request.Greedy ? 0 : options.TopK,
            TopP = request.Greedy ? 0 : options.TopP,
            MaxTokens = code ? options.MaxProgramTokens : options.MaxStepTokens,
            // The seed has no part in a greedy answer, and a search with another seed finds it in the cache.
            Seed = request.Greedy ? 0 : request.Seed,
        };
        sampling.Stop.AddRange(Prompts.StopsOf(problem, request.Action));
        return new V1.GenerateRequest
        {
            Prompt = Prompts.For(problem, request.Node, request.Action),
            Sequences = request.Count,
            Sampling = sampling,

            // What is made more exact is written anew for the most part as it was.
            PromptLookup = request.Action == StepAction.Refine,
        };
    }

    /// <summary>The program in the text of a step that wrote one; null when there is none.</summary>
    public static string? ProgramOf(ProblemView problem, string text) =>
        ProgramText.Extract(PromptTexts.FenceOpening + text.TrimEnd(), problem.EntryPoint);

    private Proposal Read(Generation generation, Continuation continuation, ProposalRequest request, int inherited)
    {
        var code = request.Action.WritesProgram();
        var text = continuation.Text.TrimEnd();
        return new Proposal
        {
            Text = code ? text : "1." + text,
            Tail = continuation.Text[text.Length..] + continuation.Stop,
            Tokens = continuation.Tokens.Count,
            Terminal = code,
            Program = code ? ProgramOf(_problem, text) : null,
            LogProbability = request.LogProbabilities ? Math.Min(0, continuation.LogProbability) : null,
            Carry = code
                ? null
                : new StepCarry(
                    [.. generation.PromptTokens, .. continuation.Tokens], continuation.Stop, inherited, continuation.Tokens.Count),
        };
    }
}
