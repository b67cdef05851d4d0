using System.Diagnostics;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StackExchange.Redis;

namespace O1Coder.Coordinator;

/// <summary>
/// Values in Redis. Every call ends within <see cref="CoordinatorOptions.CacheDeadline"/>; after repeated failures
/// Redis is left alone for <see cref="CoordinatorOptions.CacheBreak"/>. Down at the start, dying, hanging or full of
/// garbage: each is a miss. The connection is made in the background and makes itself anew.
/// </summary>
internal sealed class RedisCache : ISearchCache, IAsyncDisposable
{
    private readonly CoordinatorOptions _options;
    private readonly ILogger<RedisCache> _logger;
    private readonly ResiliencePipeline _guard;
    private readonly Task<ConnectionMultiplexer> _connecting;

    public RedisCache(string connectionString, CoordinatorOptions options, ILogger<RedisCache> logger)
    {
        _options = options;
        _logger = logger;
        var configuration = ConfigurationOptions.Parse(connectionString);
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = 1000;
        configuration.ConnectRetry = 0;
        configuration.AsyncTimeout = 1000;
        configuration.HeartbeatInterval = TimeSpan.FromSeconds(1);
        // A command that meets no connection fails at once; waiting for one is what the deadline is there to prevent.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ClientName = "o1coder-coordinator";
        _connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        _guard = new ResiliencePipelineBuilder()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RedisException>().Handle<TimeoutRejectedException>().Handle<TimeoutException>(),
                FailureRatio = 0.5,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = options.CacheBreak,
                OnOpened = _ =>
                {
                    logger.LogWarning("Redis does not answer in time: left alone for {Seconds} s, values stay in this process", options.CacheBreak.TotalSeconds);
                    return default;
                },
                OnClosed = _ =>
                {
                    logger.LogInformation("Redis answers again");
                    return default;
                },
            })
            .AddTimeout(options.CacheDeadline)
            .Build();
    }

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        byte[]? sealedValue = null;
        await TryAsync(async database => sealedValue = await database.StringGetAsync(key), cancellationToken);
        if (sealedValue is null)
        {
            return null;
        }

        var value = CacheEnvelope.Open(key, sealedValue);
        if (value is null)
        {
            _logger.LogWarning("Redis holds {Bytes} bytes under {Key} that are not a value of ours: taken as a miss", sealedValue.Length, key);
        }

        return value;
    }

    public ValueTask SetAsync(string key, byte[] value, CancellationToken cancellationToken) => TryAsync(
        database => database.StringSetAsync(key, CacheEnvelope.Seal(key, value), _options.CacheLifetime), cancellationToken);

    /// <summary>Whether Redis answers now.</summary>
    internal async Task<bool> IsConnectedAsync() => (await _connecting).IsConnected;

    public async ValueTask DisposeAsync()
    {
        if (_connecting.IsCompletedSuccessfully)
        {
            await (await _connecting).DisposeAsync();
        }
    }

    private async ValueTask TryAsync(Func<IDatabase, Task> call, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var result = "ok";
        try
        {
            await _guard.ExecuteAsync(
                async token =>
                {
                    var connection = await _connecting.WaitAsync(token);
                    await call(connection.GetDatabase()).WaitAsync(token);
                },
                cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever Redis or its client does wrong costs this value, never the search.
            result = exception is BrokenCircuitException ? "open" : exception.GetType().Name;
            _logger.LogDebug(exception, "Redis call failed");
        }

        CoordinatorTelemetry.RedisLatency.Record(
            Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("result", result));
    }
}
