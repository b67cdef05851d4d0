using System.Numerics;

namespace O1Coder.Search;

/// <summary>Searches that stand alike: rollouts by powers of two, and how near the best program came.</summary>
/// <param name="Magnitude">0 for no rollout, else 1 + ⌊log₂ rollouts⌋.</param>
/// <param name="Nearness">0 for a best value below 0.2 (it compiles at most), 1 below 0.7, 2 from there.</param>
internal readonly record struct StandingClass(int Magnitude, int Nearness)
{
    /// <summary>The fewest rollouts of the class.</summary>
    public int LeastRollouts => Magnitude == 0 ? 0 : 1 << (Magnitude - 1);

    /// <summary>The class of a standing.</summary>
    public static StandingClass Of(Standing standing) => new(
        standing.Rollouts == 0 ? 0 : 1 + BitOperations.Log2((uint)standing.Rollouts),
        standing.BestValue switch { < 0.2 => 0, < 0.7 => 1, _ => 2 });
}
