using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>A run's settings as reward options.</summary>
internal static class PlayRewards
{
    /// <summary>
    /// The options of a run: its schedule over its iterations and γ, and on top what <c>settings.rewards</c> says. α of
    /// compiling is the search's, which has valued the paths by it.
    /// </summary>
    /// <exception cref="ArgumentException"><c>settings.rewards</c> is malformed or out of range; the message names the item.</exception>
    public static RewardOptions OptionsOf(V1.SelfPlaySettings settings)
    {
        var read = RewardOptionsText.Read(settings.Rewards, new RewardOptions { Gamma = settings.Gamma });
        return read with
        {
            Schedule = settings.RewardSchedule switch
            {
                V1.RewardSchedule.Code => AlphaSchedule.PaperCode,
                V1.RewardSchedule.Logarithmic => AlphaSchedule.Over(AlphaDecay.Logarithmic, settings.Iterations),
                _ => AlphaSchedule.Over(AlphaDecay.Linear, settings.Iterations),
            },
        };
    }
}
