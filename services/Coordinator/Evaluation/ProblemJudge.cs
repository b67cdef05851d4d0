using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Judges programs of one problem by all of its tests; equal programs once.</summary>
internal sealed class ProblemJudge(SandboxRunner sandbox, EvaluatedProblem problem, V1.GetCapabilitiesResponse capabilities)
{
    private readonly ConcurrentDictionary<string, SampleVerdict> _known = new(StringComparer.Ordinal);

    /// <summary>Takes over the verdict of a sample of an earlier run.</summary>
    public void Remember(V1.EvaluationSample sample) => _known.TryAdd(sample.Program, new SampleVerdict(sample.Verdict, sample.Passed, sample.ShownPassed));

    /// <summary>The verdict on a program and the tests that it passes.</summary>
    /// <exception cref="RpcException">Unavailable: the sandbox came to no verdict, which says nothing about the program.</exception>
    public async Task<SampleVerdict> JudgeAsync(string program, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(program, out var known))
        {
            return known;
        }

        var (response, _) = await sandbox.RunAsync(program, problem.AllTests, capabilities, cancellationToken);
        if (response.Verdict is V1.Verdict.InternalError or V1.Verdict.Unspecified)
        {
            throw new RpcException(new Status(
                StatusCode.Unavailable, $"sandbox: no verdict on a program of problem {problem.Problem.Id}: {response.Message}"));
        }

        return _known.GetOrAdd(program, new SampleVerdict(
            response.Verdict, response.Passed,
            response.Results.Count(result => result.Index < problem.Shown.Count && result.Verdict == V1.Verdict.Accepted)));
    }
}
