using O1Coder.Learning.Data;
using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// The dropout of one forward pass: a mask for each adapted projection's input. A mask is a function of seed, pass, layer
/// and projection alone, so that the backward pass, and a resumed run, make the same one again and nothing is kept.
/// </summary>
/// <param name="Rate">The share of elements that are dropped, in [0, 1).</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Pass">The pass's number in the run.</param>
internal sealed record DropoutMasks(double Rate, ulong Seed, long Pass)
{
    /// <summary>[rows, columns] of 0 and 1 / (1 − rate).</summary>
    public Tensor Make(int layer, Projection projection, long rows, long columns, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var place = ((ulong)layer << 8) | (ulong)projection;
        var seed = new SplitMix64(SplitMix64.Mix(Seed + (ulong)Pass) ^ place).Next();
        using var generator = new Generator(seed);
        return rand([rows, columns], generator: generator).ge(Rate).to(type).div_(1 - Rate).MoveToOuterDisposeScope();
    }
}
