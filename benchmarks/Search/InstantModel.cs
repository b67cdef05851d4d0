using System.Globalization;
using O1Coder.Search;

namespace O1Coder.Benchmarks;

/// <summary>
/// A model and a judge that answer at once: what is left is the search itself. No program passes; values and probabilities
/// are drawn from the request's seed.
/// </summary>
internal sealed class InstantModel : IProposer, IJudge
{
    private long _programs;

    public Task<IReadOnlyList<Proposal>> ProposeAsync(ProposalRequest request, CancellationToken cancellationToken)
    {
        var code = request.Action.WritesProgram();
        var chance = new SplitMix64(request.Seed);
        var proposals = new Proposal[request.Count];
        for (var i = 0; i < proposals.Length; i++)
        {
            var text = code ? (++_programs).ToString(CultureInfo.InvariantCulture) : "a thought";
            proposals[i] = new Proposal
            {
                Text = text,
                Tokens = 60,
                Terminal = code,
                Program = code ? text : null,
                LogProbability = request.LogProbabilities ? -chance.Below(6000) / 100.0 : null,
            };
        }

        return Task.FromResult<IReadOnlyList<Proposal>>(proposals);
    }

    public Task<Judgement> JudgeAsync(string program, bool trace, CancellationToken cancellationToken) => Task.FromResult(s_judgements[
        (int)(SplitMix64.Mix(ulong.Parse(program, CultureInfo.InvariantCulture)) % (ulong)s_judgements.Length)]);

    private static readonly Judgement[] s_judgements =
        [.. Enumerable.Range(0, 4).Select(passed => new Judgement { Compiled = true, Passed = passed, Total = 4, Verdict = "WrongAnswer" })];
}
