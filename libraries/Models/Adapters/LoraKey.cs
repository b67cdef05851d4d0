namespace O1Coder.Models;

/// <summary>One adapted matrix of a transformer.</summary>
/// <param name="Layer">The block, from 0.</param>
/// <param name="Projection">The projection in it.</param>
public readonly record struct LoraKey(int Layer, Projection Projection);
