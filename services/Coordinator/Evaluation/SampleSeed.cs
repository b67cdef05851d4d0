using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>The seeds of an evaluation's samples.</summary>
internal static class SampleSeed
{
    /// <summary>
    /// The seed of sample <paramref name="sample"/>: the evaluation's own for the first, so that one search of an
    /// evaluation is the search that Solve makes of it, else mixed of both.
    /// </summary>
    public static ulong Of(ulong seed, int sample) => sample == 0 ? seed : SplitMix64.Mix(seed, (ulong)sample);
}
