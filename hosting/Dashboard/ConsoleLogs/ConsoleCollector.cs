using System.Threading.Channels;
using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.Dashboard.Components.ResourceViews;
using O1Coder.Hosting.Dashboard.Telemetry.Store;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>Follows the console of every resource that the AppHost tells of, so that their last lines can be searched.</summary>
internal sealed class ConsoleCollector(AppHostClient client, AppHostState state, TelemetryStore store) : BackgroundService
{
    /// <summary>Whether a resource has a console that is shown.</summary>
    public static bool HasConsole(Resource resource) =>
        !resource.Hidden && resource.Type is not (ResourceFace.ParameterType or "ConnectionString" or "ExternalService");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!client.HasAppHost)
        {
            return;
        }

        var feed = new ConsoleFeed(client);
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Tell() => changed.Writer.TryWrite(true);
        state.Changed += Tell;
        try
        {
            Tell();
            await Task.WhenAll(FollowAsync(feed, changed.Reader, stoppingToken), TakeAsync(feed, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // The dashboard ends.
        }
        finally
        {
            state.Changed -= Tell;
            await feed.DisposeAsync();
        }
    }

    private async Task FollowAsync(ConsoleFeed feed, ChannelReader<bool> changed, CancellationToken cancellationToken)
    {
        string[] followed = [];
        await foreach (var _ in changed.ReadAllAsync(cancellationToken))
        {
            string[] instances = [.. state.Current.Resources.Values.Where(HasConsole).Select(one => one.InstanceName)];
            if (!instances.SequenceEqual(followed))
            {
                feed.Follow(followed = instances);
                store.Console.Keep(instances);
            }
        }
    }

    private async Task TakeAsync(ConsoleFeed feed, CancellationToken cancellationToken)
    {
        await foreach (var batch in feed.BatchesAsync(cancellationToken))
        {
            var resources = state.Current.Resources;
            foreach (var (instance, line) in batch)
            {
                var name = resources.TryGetValue(instance, out var resource) ? ResourceNames.Of(resource, resources.Values) : instance;
                store.Console.Add(new KeptLine(instance, name, line.At?.ToDateTime().Ticks ?? 0, AnsiText.Plain(line.Text)));
            }
        }
    }
}
