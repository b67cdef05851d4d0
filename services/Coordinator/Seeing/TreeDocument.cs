using System.Text.Json;

namespace O1Coder.Coordinator.Seeing;

/// <summary>A search as tree.json holds it; docs/search-tree.md explains every field.</summary>
internal sealed record TreeDocument
{
    /// <summary>The version of this schema; fields may be added without another.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The search's name.</summary>
    public required string SearchId { get; init; }

    /// <summary>
    /// How it ended: solved, hidden_tests_failed, budget_spent, cancelled, failed, or unfinished where the log breaks off.
    /// </summary>
    public required string Ended { get; init; }

    /// <summary>Of a failed one: the status and the message; else empty.</summary>
    public required string Failure { get; init; }

    /// <summary>Whether the log's last line was torn and left out.</summary>
    public required bool TornTail { get; init; }

    /// <summary>What was to be solved.</summary>
    public required TreeProblem Problem { get; init; }

    /// <summary>The weights: ModelIdentity of common.proto.</summary>
    public required JsonElement Model { get; init; }

    /// <summary>The options in force: SearchOptions of search.proto.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>The budget: Budget of search.proto.</summary>
    public required JsonElement Budget { get; init; }

    /// <summary>What it cost: SearchProgress of search.proto; null before the end.</summary>
    public required JsonElement? Totals { get; init; }

    /// <summary>The judgement by all tests: Judgement of search.proto; null where there is none.</summary>
    public required JsonElement? Judgement { get; init; }

    /// <summary>The tree's hash as the log tells it, and as the nodes here have it; empty before the end.</summary>
    public required string TreeHash { get; init; }

    /// <summary>Nodes from the root to the best program; empty where none was judged.</summary>
    public required IReadOnlyList<int> WinningPath { get; init; }

    /// <summary>Chats that paths begin with.</summary>
    public required IReadOnlyList<IReadOnlyList<TreeMessage>> Chats { get; init; }

    /// <summary>Parameters that steps were sampled with: SamplingParameters of policy.proto, without seeds.</summary>
    public required IReadOnlyList<JsonElement> Sampling { get; init; }

    /// <summary>The nodes; a node's place is its number.</summary>
    public required IReadOnlyList<TreeNode> Nodes { get; init; }

    /// <summary>The events in their order.</summary>
    public required IReadOnlyList<TreeEvent> Events { get; init; }
}
