namespace O1Coder.Search.Tests;

/// <summary>
/// A model whose k-th program, counted over the search, has a known share of passed tests. It notes what it was asked.
/// </summary>
internal sealed class ScriptedModel(params int[] passedOfFour) : IProposer, IJudge
{
    private int _programs;

    public List<ProposalRequest> Asked { get; } = [];

    public List<string> Judged { get; } = [];

    public Func<int, string> ProgramText { get; init; } = number => $"program {number}";

    public Func<string, bool> Excludes { get; init; } = _ => false;

    public Action<int> OnJudge { get; init; } = _ => { };

    /// <summary>The log-probability of a request's i-th step.</summary>
    public Func<ProposalRequest, int, double> LogProbabilityOf { get; init; } = (_, i) => -1 - i;

    public Task<IReadOnlyList<Proposal>> ProposeAsync(ProposalRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Add(request);
        var code = request.Action.WritesProgram();
        IReadOnlyList<Proposal> proposals =
        [
            .. Enumerable.Range(0, request.Count).Select(i =>
            {
                var program = code ? ProgramText(_programs++) : null;
                return new Proposal
                {
                    Text = program ?? $"{request.Action} {request.Node.Number}.{i}",
                    Tokens = 10 + i,
                    Terminal = code,
                    Program = program,
                    LogProbability = request.LogProbabilities ? LogProbabilityOf(request, i) * (10 + i) : null,
                    Carry = request.Seed,
                };
            }),
        ];
        return Task.FromResult(proposals);
    }

    public Task<Judgement> JudgeAsync(string program, bool trace, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Judged.Add(program);
        OnJudge(Judged.Count);
        var number = int.Parse(program.Split(' ')[^1]);
        var passed = passedOfFour.Length == 0 ? 0 : passedOfFour[number % passedOfFour.Length];
        return Task.FromResult(new Judgement
        {
            Compiled = passed >= 0,
            Passed = Math.Max(passed, 0),
            Total = 4,
            Verdict = passed == 4 ? "Accepted" : "WrongAnswer",
            Excluded = Excludes(program),
        });
    }
}
