namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>That one resource needs another.</summary>
/// <param name="From">The name of the one that needs.</param>
/// <param name="To">The name of the one that is needed.</param>
/// <param name="Waits">It starts after the other.</param>
/// <param name="Refers">It is told where the other is, or is otherwise related.</param>
/// <param name="WaitingNow">It waits for the other at this moment.</param>
internal sealed record GraphEdge(string From, string To, bool Waits, bool Refers, bool WaitingNow);
