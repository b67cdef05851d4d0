namespace O1Coder.Sandbox;

/// <summary>Runs the tests of one program several at once, with the outcome of running them one after another.</summary>
internal static class TestSequence
{
    /// <summary>
    /// Runs tests 0 to <paramref name="count"/> − 1, or up to the first in that order that ends the sequence. What is
    /// under way beyond that one is cancelled and counts for nothing, so the outcome does not depend on timing.
    /// </summary>
    /// <param name="count">How many tests there are.</param>
    /// <param name="atOnce">How many may be under way at once.</param>
    /// <param name="run">Runs a test by its number.</param>
    /// <param name="ends">Whether no test after this one counts.</param>
    /// <param name="known">Takes the results in order; the next one waits until it has.</param>
    /// <param name="cancellationToken">Ends all that is under way.</param>
    public static async Task RunAsync<T>(int count, int atOnce, Func<int, CancellationToken, Task<T>> run, Func<T, bool> ends,
        Func<T, Task> known, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = new Queue<Task<T>>();
        var last = count;
        try
        {
            for (var (next, done) = (0, 0); done < last; done++)
            {
                for (; next < Volatile.Read(ref last) && underWay.Count < atOnce; next++)
                {
                    underWay.Enqueue(RunOneAsync(next));
                }

                await known(await underWay.Peek());
                _ = underWay.Dequeue();
            }
        }
        finally
        {
            // Nothing of a sequence outlives it, boxes included.
            await stop.CancelAsync();
            await Task.WhenAll(underWay.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<T> RunOneAsync(int index)
        {
            var result = await run(index, stop.Token);
            if (ends(result))
            {
                // The least of those that end: the loop reads it again after each result.
                for (var seen = Volatile.Read(ref last); index + 1 < seen; seen = Volatile.Read(ref last))
                {
                    Interlocked.CompareExchange(ref last, index + 1, seen);
                }
            }

            return result;
        }
    }
}
