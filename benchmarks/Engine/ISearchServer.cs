namespace O1Coder.Benchmarks;

/// <summary>A server that answers a search: continues a node's tokens in several ways.</summary>
internal interface ISearchServer : IDisposable
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>Processor time of the server's process so far.</summary>
    TimeSpan ProcessorTime { get; }

    /// <summary>Continues a path by sampling, with the log-probability of every token.</summary>
    /// <param name="node">What is asked for.</param>
    /// <param name="finished">Is told each child's number and tokens as soon as the caller can know them.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>Tokens of the prompt that were computed.</returns>
    /// <exception cref="InvalidOperationException">An answer is too short, or a log-probability is none.</exception>
    Task<int> Expand(SearchNode node, Action<int, int[]> finished, CancellationToken cancellationToken);
}
