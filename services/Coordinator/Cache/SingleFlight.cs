namespace O1Coder.Coordinator;

/// <summary>
/// Makes one call of equal calls that are under way at once: two searches of the same problem share work before the
/// cache has it. The call goes on as long as somebody waits for it.
/// </summary>
/// <typeparam name="T">What the call gives.</typeparam>
internal sealed class SingleFlight<T>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>The answer of the call under this key, which is begun unless it is under way.</summary>
    /// <param name="key">Equal for equal calls; see <see cref="CacheKey"/>.</param>
    /// <param name="call">The call; its token is cancelled when nobody waits any more.</param>
    /// <param name="cancellationToken">Ends this wait; the call only when it is the last.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<T> RunAsync(string key, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Flight? flight;
        lock (_lock)
        {
            if (!_flights.TryGetValue(key, out flight))
            {
                flight = new Flight();
                _flights.Add(key, flight);
                flight.Answer = BeginAsync(flight, call);
            }

            flight.Waiting++;
        }

        try
        {
            return await flight.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            var last = false;
            lock (_lock)
            {
                last = --flight.Waiting == 0;
                if (last && _flights.GetValueOrDefault(key) == flight)
                {
                    // Whoever comes now begins anew: this one is over or about to be cancelled.
                    _flights.Remove(key);
                }
            }

            if (last)
            {
                await flight.Nobody.CancelAsync();
                await ((Task)flight.Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                flight.Nobody.Dispose();
            }
        }
    }

    private static async Task<T> BeginAsync(Flight flight, Func<CancellationToken, Task<T>> call)
    {
        // Not under the lock that the caller holds.
        await Task.Yield();
        return await call(flight.Nobody.Token);
    }

    private sealed class Flight
    {
        public CancellationTokenSource Nobody { get; } = new();

        public Task<T> Answer { get; set; } = null!;

        public int Waiting { get; set; }
    }
}
