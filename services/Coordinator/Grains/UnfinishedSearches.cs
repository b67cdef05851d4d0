namespace O1Coder.Coordinator;

/// <summary>
/// Has searches that were left without an end taken up again: when this coordinator starts, and now and then, since another may
/// have been lost. A search that runs somewhere is left alone there.
/// </summary>
internal sealed class UnfinishedSearches(
    IGrainFactory grains, CoordinatorOptions options, TimeProvider clock, ILogger<UnfinishedSearches> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Resumes)
        {
            return;
        }

        using var timer = new PeriodicTimer(s_period, clock);
        try
        {
            do
            {
                await TakeUpAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogDebug("No more searches are taken up");
        }
    }

    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        foreach (var id in SearchFolder.Unfinished(options.RunsFolder))
        {
            try
            {
                await grains.GetGrain<ISearchGrain>(id).TakeUpAsync().WaitAsync(cancellationToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logger.LogWarning(error, "Search {Search} could not be taken up", id);
            }
        }
    }
}
