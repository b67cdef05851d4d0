namespace O1Coder.Tcg;

/// <summary>
/// Tests with reference solutions (o1-Coder, section 3.1): the model writes inputs and outputs, the references say
/// which of them hold. A case is good when more than half of the references give its output: on an input outside the
/// problem they part.
/// </summary>
internal sealed class ReferenceMode(PolicyWriter writer, ProgramRuns runs)
{
    /// <summary>Writes tests until there are enough, or the attempts are used.</summary>
    /// <exception cref="Grpc.Core.RpcException">Policy or Sandbox failed.</exception>
    public async Task<GenerationResult> RunAsync(GenerationJob job, GenerationProgress progress, CancellationToken cancellationToken)
    {
        var adapter = await writer.ChooseAdapterAsync(job.Adapter, cancellationToken);
        var intake = new CaseIntake(job.Language, progress.Counts);
        foreach (var input in job.Examples.Select(one => job.Language.ReadInput(one.Input)).OfType<CaseInput>())
        {
            intake.Keep(input);
        }

        var good = new List<V1.GeneratedTest>();
        V1.ModelIdentity? model = null;
        for (var attempt = 1; attempt <= job.Attempts && good.Count < job.Count; attempt++)
        {
            await progress.DoAsync("writing cases", cancellationToken);
            (var answers, model) = await writer.WriteAsync(
                CaseAsks.Cases(job, adapter, attempt, job.Count - good.Count), progress, cancellationToken);
            var cases = intake.TakeCases(answers.SelectMany(answer => CaseFormat.Read(answer.Text, answer.IsCutOff)));
            await progress.DoAsync("running programs", cancellationToken);
            good.AddRange(await CheckAsync(job, cases, intake, progress.Counts, cancellationToken));
        }

        return new GenerationResult([.. good.Take(job.Count)], model);
    }

    private async Task<List<V1.GeneratedTest>> CheckAsync(
        GenerationJob job, List<(CaseInput Input, CaseOutput Output)> cases, CaseIntake intake, V1.TestCounts counts,
        CancellationToken cancellationToken)
    {
        var good = new List<V1.GeneratedTest>();
        if (cases.Count == 0)
        {
            return good;
        }

        var tests = cases.Select(one => job.Language.ToTest(one.Input, one.Output)).ToList();
        var references = job.Problem.ReferenceSolutions;
        var said = await runs.RunAsync(references, tests, cancellationToken);
        for (var i = 0; i < tests.Count; i++)
        {
            var agreed = said.Count(one => i < one.Results.Count && one.Results[i].Verdict == V1.Verdict.Accepted);
            if (2 * agreed <= references.Count)
            {
                counts.WrongOutputs++;
            }
            else if (!intake.Keep(cases[i].Input))
            {
                // Twice in one attempt, written in two ways that Python holds for equal.
                counts.Duplicates++;
            }
            else
            {
                counts.Good++;
                good.Add(new V1.GeneratedTest
                {
                    Test = tests[i],
                    Origin = V1.TestOrigin.Reference,
                    Agreed = agreed,
                    Ran = references.Count,
                });
            }
        }

        return good;
    }
}
