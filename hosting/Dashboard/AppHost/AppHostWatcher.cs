using Grpc.Core;

namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>Keeps <see cref="AppHostState"/> at what the AppHost says; connects again, ever more patiently, when it is lost.</summary>
internal sealed partial class AppHostWatcher(AppHostClient client, AppHostState state, ILogger<AppHostWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!client.HasAppHost)
        {
            return;
        }

        var pause = s_firstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var problem = "The AppHost has ended.";
            try
            {
                var application = await client.GetApplicationAsync(stoppingToken);
                state.Change(now => now with { ApplicationName = application.Name });
                await foreach (var change in client.WatchResourcesAsync(stoppingToken))
                {
                    pause = s_firstPause;
                    state.Change(now => now.With(change));
                }
            }
            catch (Exception failure) when (failure is RpcException or OperationCanceledException)
            {
                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }

                problem = failure is RpcException rpc ? AppHostClient.Describe(rpc) : failure.Message;
            }

            LogLost(logger, problem, pause.TotalSeconds);
            state.Change(now => now with { Link = AppHostLink.Lost, Problem = problem });
            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Problem} Trying again in {Seconds} s.")]
    private static partial void LogLost(ILogger logger, string problem, double seconds);
}
