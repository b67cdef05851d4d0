using System.Text.Json.Serialization;

namespace O1Coder.Coordinator.Seeing;

/// <summary>A node as the log leaves it.</summary>
internal sealed record TreeNode
{
    /// <summary>Its number; the root is 0.</summary>
    public required int Node { get; init; }

    /// <summary>Its parent's number; null for the root.</summary>
    public required int? Parent { get; init; }

    /// <summary>What the step does: root, define_structure, refine, code, think, improve, fix, rewrite.</summary>
    public required string Action { get; init; }

    /// <summary>Steps from the root.</summary>
    public required int Depth { get; init; }

    /// <summary>Whether the path ends here.</summary>
    public required bool Terminal { get; init; }

    /// <summary>N.</summary>
    public required int Visits { get; init; }

    /// <summary>Q.</summary>
    public required double Value { get; init; }

    /// <summary>The largest value that was backed up through it.</summary>
    public required double BestValue { get; init; }

    /// <summary>P; null where the method has none.</summary>
    public required double? Prior { get; init; }

    /// <summary>r; null where none was asked for.</summary>
    public required double? ProcessReward { get; init; }

    /// <summary>The sum of its tokens' log-probabilities; null where none was asked for.</summary>
    public required double? LogProbability { get; init; }

    /// <summary>Tokens generated for it.</summary>
    public required int Tokens { get; init; }

    /// <summary>The seed of its request, as text: 64 bits are more than JSON's numbers hold in some readers.</summary>
    public required string Seed { get; init; }

    /// <summary>The step's text.</summary>
    public required string Text { get; init; }

    /// <summary>What the model wrote after the text: white space and the string that stopped it.</summary>
    public required string Tail { get; init; }

    /// <summary>Characters at the start of <see cref="Text"/> that stood in the prompt already.</summary>
    public required int Given { get; init; }

    /// <summary>Texts that were written anew later, the first one first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TreeText>? Earlier { get; init; }

    /// <summary>What the model was told about it: feedback on a failing test, or a critique; null for nothing.</summary>
    public required string? Feedback { get; init; }

    /// <summary>The judged program where it is not the text; null where it is, or where there is none.</summary>
    public required string? Program { get; init; }

    /// <summary>What running it came to; null where it was not run.</summary>
    public required TreeVerdict? Verdict { get; init; }

    /// <summary>What the model read before it wrote the step, in order.</summary>
    public required IReadOnlyList<TreeSight> Saw { get; init; }

    /// <summary>Its place in <see cref="TreeDocument.Sampling"/>; null for the root.</summary>
    public required int? Sampling { get; init; }
}
