using Grpc.Core;
using O1Coder.Problems;

namespace O1Coder.Tcg;

/// <summary>
/// Tests from the question alone (after rStar-Coder): inputs from the model, outputs on which independently sampled
/// programs agree. Programs that are equal count once, and one that does not run on an input has no say on it.
/// </summary>
internal sealed class AgreementMode(PolicyWriter writer, ProgramRuns runs)
{
    /// <summary>Writes tests until there are enough, or the attempts are used.</summary>
    /// <exception cref="RpcException">Policy or Sandbox failed; FailedPrecondition: no test could be agreed on.</exception>
    public async Task<GenerationResult> RunAsync(GenerationJob job, GenerationProgress progress, CancellationToken cancellationToken)
    {
        var adapter = await writer.ChooseAdapterAsync(job.Adapter, cancellationToken);
        var intake = new CaseIntake(job.Language, progress.Counts);
        foreach (var input in job.Examples.Select(one => job.Language.ReadInput(one.Input)).OfType<CaseInput>())
        {
            intake.Keep(input);
        }

        var good = new List<V1.GeneratedTest>();
        IReadOnlyList<string>? programs = null;
        V1.ModelIdentity? model = null;
        for (var attempt = 1; attempt <= job.Attempts && good.Count < job.Count; attempt++)
        {
            await progress.DoAsync("writing inputs", cancellationToken);
            (var answers, model) = await writer.WriteAsync(
                CaseAsks.Inputs(job, adapter, attempt, job.Count - good.Count), progress, cancellationToken);
            var inputs = intake.TakeInputs(answers.SelectMany(answer => CaseFormat.Read(answer.Text, answer.IsCutOff)));
            if (inputs.Count == 0)
            {
                continue;
            }

            programs ??= await WriteProgramsAsync(job, progress, cancellationToken);
            if (programs.Count < Agreement.LeastRan)
            {
                progress.Counts.DistinctPrograms = 0;
                progress.Counts.InvalidInputs += inputs.Count;
                break;
            }

            await progress.DoAsync("running programs", cancellationToken);
            good.AddRange(await AgreeAsync(job, inputs, programs, progress.Counts, cancellationToken));
        }

        return good.Count > 0
            ? new GenerationResult([.. good.Take(job.Count)], model)
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, WhatWasTried(progress.Counts)));
    }

    private async Task<IReadOnlyList<string>> WriteProgramsAsync(
        GenerationJob job, GenerationProgress progress, CancellationToken cancellationToken)
    {
        await progress.DoAsync("writing programs", cancellationToken);
        var (answers, _) = await writer.WriteAsync(CaseAsks.Programs(job), progress, cancellationToken);
        progress.Counts.Programs = answers.Count;
        var entryPoint = job.Problem.Mode == V1.ProblemMode.Function ? PythonSignature.NameOf(job.Problem.Signature) : null;
        return DistinctPrograms.In(answers, entryPoint);
    }

    private async Task<List<V1.GeneratedTest>> AgreeAsync(
        GenerationJob job, List<CaseInput> inputs, IReadOnlyList<string> programs, V1.TestCounts counts,
        CancellationToken cancellationToken)
    {
        var said = await runs.RunAsync(programs, [.. inputs.Select(job.Language.ToProbe)], cancellationToken);
        counts.DistinctPrograms = Math.Max(counts.DistinctPrograms, said.Count(one => one.Compiled));
        var good = new List<V1.GeneratedTest>();
        for (var i = 0; i < inputs.Count; i++)
        {
            var agreement = Agreement.Of(said.Select(one => i < one.Results.Count ? job.Language.ReadActual(one.Results[i]) : null));
            if (!agreement.IsValid)
            {
                counts.InvalidInputs++;
            }
            else if (!agreement.Reaches(job.Agreement))
            {
                counts.Disagreements++;
            }
            else
            {
                counts.Good++;
                good.Add(new V1.GeneratedTest
                {
                    Test = job.Language.ToTest(inputs[i], agreement.Output!),
                    Origin = V1.TestOrigin.Agreement,
                    Agreed = agreement.Agreed,
                    Ran = agreement.Ran,
                });
            }
        }

        return good;
    }

    private static string WhatWasTried(V1.TestCounts counts) =>
        $"no test could be agreed on: {counts.Written} inputs written ({counts.FormatErrors} not in the asked-for form, " +
        $"{counts.Duplicates} repeated, {counts.InvalidInputs} on which fewer than {Agreement.LeastRan} programs ran, " +
        $"{counts.Disagreements} on which too few agreed), {counts.Programs} programs sampled ({counts.DistinctPrograms} " +
        "distinct ones compile); do give the problem tests, or try another seed";
}
