using O1Coder.Search;

namespace O1Coder.Tcg;

/// <summary>What the model is asked for in each attempt of a job.</summary>
internal static class CaseAsks
{
    private const int MostCaseTokens = 320;
    private const int MostProgramTokens = 512;
    private const int MostAnswers = 8;
    private const float TopP = 0.95f;
    private const int TopK = 50;

    // Programs have to differ, whatever the temperature of cases.
    private const float ProgramTemperature = 0.8f;

    /// <summary>Asks for cases with a reference in sight, which changes from attempt to attempt.</summary>
    /// <param name="job">The job.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="attempt">Which attempt, from 1.</param>
    /// <param name="missing">Good tests that are still missing.</param>
    public static Ask Cases(GenerationJob job, string adapter, int attempt, int missing)
    {
        var references = job.Problem.ReferenceSolutions;
        var seed = SplitMix64.Mix(job.Seed, 1, (ulong)attempt);
        var reference = references[new SplitMix64(seed).Below(references.Count)];

        // An untrained model of half a billion parameters gets about every third case right.
        var answers = Math.Clamp((missing + 1) / 2, 1, MostAnswers);
        return Of(job, TcgPrompts.Cases(job.Problem, reference, job.Examples), adapter, seed, answers);
    }

    /// <summary>Asks for inputs alone; the parameters are those of <see cref="Cases"/>.</summary>
    public static Ask Inputs(GenerationJob job, string adapter, int attempt, int missing)
    {
        var seed = SplitMix64.Mix(job.Seed, 2, (ulong)attempt);
        return Of(job, TcgPrompts.Inputs(job.Problem, job.Examples), adapter, seed, Math.Clamp((missing + 2) / 3, 1, MostAnswers));
    }

    /// <summary>Asks for the programs.</summary>
    public static Ask Programs(GenerationJob job)
    {
        var sampling = new V1.SamplingParameters
        {
            Temperature = ProgramTemperature,
            TopK = TopK,
            TopP = TopP,
            MaxTokens = MostProgramTokens,
            Seed = SplitMix64.Mix(job.Seed, 3),
            Stop = { TcgPrompts.Fence },
        };
        if (job.Problem.Mode == V1.ProblemMode.Function)
        {
            sampling.Stop.AddRange(TcgPrompts.AfterFunction);
        }

        return new Ask(TcgPrompts.Program(job.Problem), TcgPrompts.ProgramOpening, job.Programs, sampling, job.PolicyAdapter);
    }

    private static Ask Of(GenerationJob job, V1.ChatPrompt chat, string adapter, ulong seed, int answers)
    {
        var sampling = new V1.SamplingParameters
        {
            Temperature = job.Temperature,
            TopK = TopK,
            TopP = TopP,
            MaxTokens = MostCaseTokens,
            Seed = seed,
        };
        return new Ask(chat, CaseFormat.Opening, job.Temperature == 0 ? 1 : answers, sampling, adapter);
    }
}
