using Google.Protobuf;
using O1Coder.Problems.Training;

namespace O1Coder.Coordinator;

/// <summary>Training examples on their way from the service that makes them into a data set.</summary>
internal static class Examples
{
    /// <summary>An example as a step keeps it.</summary>
    public static string Keep(V1.TrainingExample example) => JsonFormatter.Default.Format(example);

    /// <summary>Writes a data set that takes turns among the problems.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kept">The examples of each problem, as <see cref="Keep"/> gave them.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>How many it holds.</returns>
    public static long Write(string path, IReadOnlyList<IReadOnlyList<string>> kept, int most) => TrainingFile.Write(
        path, RoundRobin.Take(kept, most).Select(one => TrainingMapping.FromWire(V1.TrainingExample.Parser.ParseJson(one))));
}
