using System.Globalization;

namespace O1Coder.Coordinator;

/// <summary>The steps of a run, in order: o1-Coder's Algorithm 1 (arXiv 2412.00154) with an evaluation at each end.</summary>
internal static class PlaySteps
{
    /// <summary>D_process after the first searches.</summary>
    public static string Process(int iteration) => Data("process", iteration);

    /// <summary>The new paths of an iteration.</summary>
    public static string NewPaths(int iteration) => Data("search", iteration);

    /// <summary>Their scores.</summary>
    public static string Rewards(int iteration) => Data("rewards", iteration);

    /// <summary>The steps.</summary>
    public static IReadOnlyList<IPlayStep> For(PlayPlan plan)
    {
        var settings = plan.Settings;
        var prmMethod = settings.Prm switch
        {
            V1.PrmTraining.Hard => V1.TrainingMethod.PrmHard,
            V1.PrmTraining.Pairs => V1.TrainingMethod.PrmPairs,
            _ => V1.TrainingMethod.PrmSoft,
        };
        var steps = new List<IPlayStep>
        {
            new EvaluateStep("evaluate-base", "Evaluation before"),
            new TcgRateStep("tcg-rate-base", "", []),
            new TcgDataStep(V1.TcgDataKind.Sft),
            new TrainStep("tcg-sft", "Test-case generator: supervised fine-tuning", 1, 0, V1.TrainingMethod.Sft, TcgDataStep.OutputOf(V1.TcgDataKind.Sft), _ => ""),
            new TcgRateStep("tcg-rate-sft", "adapters/tcg-sft", ["tcg-rate-base"]),
            new TcgDataStep(V1.TcgDataKind.Dpo),
            new TrainStep("tcg-dpo", "Test-case generator: preferences", 1, 0, V1.TrainingMethod.Dpo, TcgDataStep.OutputOf(V1.TcgDataKind.Dpo), _ => "adapters/tcg-sft"),
            new TcgRateStep("tcg-rate-dpo", "adapters/tcg-dpo", ["tcg-rate-base", "tcg-rate-sft"]),
            new TestsStep(),
            new SearchStep(0),
            new CorrectPathsStep(),
            new TrainStep("policy-sft", "Policy: supervised fine-tuning on correct paths", 3, 0, V1.TrainingMethod.Sft, CorrectPathsStep.Output, adapters => adapters.Policy),
            new GateStep("policy-sft", 3, 0),
        };
        for (var i = 1; i <= settings.Iterations; i++)
        {
            var n = i.ToString(CultureInfo.InvariantCulture);
            steps.AddRange(
            [
                new PrmDataStep(i),
                new TrainStep($"prm-{n}", "Process reward model", 4, i, prmMethod, PrmDataStep.TrainOf(i), _ => ""),
                new PrmRateStep(i),
                new SearchStep(i),
                new RewardStep(i),
                new PreferenceStep(i),
                new TrainStep($"policy-dpo-{n}", "Policy: preferences between paths", 5, i, V1.TrainingMethod.Dpo, PreferenceStep.OutputOf(i), adapters => adapters.Policy),
                new GateStep($"policy-dpo-{n}", 5, i),
                new MergeStep(i),
            ]);
        }

        steps.Add(new EvaluateStep("evaluate-final", "Evaluation after"));
        return steps;
    }

    private static string Data(string name, int iteration) => string.Create(CultureInfo.InvariantCulture, $"data/{name}-{iteration}.jsonl");
}
