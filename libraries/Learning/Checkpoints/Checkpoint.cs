using O1Coder.Models;

namespace O1Coder.Learning.Checkpoints;

/// <summary>A checkpoint in memory.</summary>
/// <param name="State">Where the run stood.</param>
/// <param name="Adapter">The adapter.</param>
/// <param name="FirstMoment">AdamW's.</param>
/// <param name="SecondMoment">AdamW's.</param>
internal sealed record Checkpoint(CheckpointState State, LoraAdapter Adapter, float[] FirstMoment, float[] SecondMoment);
