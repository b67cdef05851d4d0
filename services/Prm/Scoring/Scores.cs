namespace O1Coder.Prm;

/// <summary>Scores and where they come from.</summary>
/// <param name="Margins">One each: logit of the good label less that of the bad one.</param>
/// <param name="Mode">Where they come from.</param>
/// <param name="Model">The weights that answered.</param>
internal sealed record Scores(IReadOnlyList<double> Margins, V1.PrmMode Mode, V1.ModelIdentity? Model)
{
    /// <summary>The two-way softmax of a margin: the reward in [0, 1].</summary>
    public static double Reward(double margin) => 1 / (1 + Math.Exp(-margin));
}
