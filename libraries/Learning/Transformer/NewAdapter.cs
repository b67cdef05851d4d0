using O1Coder.Learning.Data;
using O1Coder.Learning.Training;
using O1Coder.Models;

namespace O1Coder.Learning.Transformer;

/// <summary>First weights of an adapter, as PEFT draws them: A Kaiming-uniform with a = √5, B zero (arXiv 2106.09685, 4.1).</summary>
internal static class NewAdapter
{
    /// <summary>Makes an adapter that changes nothing yet.</summary>
    public static LoraAdapter Make(ModelDescription model, LoraSpec spec, ulong seed)
    {
        var matrices = new Dictionary<LoraKey, LoraMatrices>();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var projection in spec.Targets.Select(name => ProjectionNames.Find(name)!.Value))
            {
                var random = new SplitMix64(SplitMix64.Mix(seed) ^ (((ulong)layer << 8) | (ulong)projection));
                var a = new float[spec.Rank * model.InputSize(projection)];

                // √(6 / ((1 + a²) · fan-in)) with a² = 5.
                var bound = 1 / MathF.Sqrt(model.InputSize(projection));
                for (var i = 0; i < a.Length; i++)
                {
                    a[i] = bound * ((2 * random.NextSingle()) - 1);
                }

                matrices.Add(new(layer, projection), new(a, new float[model.OutputSize(projection) * spec.Rank]));
            }
        }

        return new(spec.Rank, (float)spec.Alpha, rankStabilized: false, matrices);
    }
}
