using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.AppHost;

/// <summary>Follows the resources while they start.</summary>
/// <param name="app">The application.</param>
/// <param name="names">The resources of the system; whatever else there is, such as the dashboard, is no reason to give up.</param>
/// <param name="onChange">Told of each change: the resource's name and what it does.</param>
internal sealed class StartWatch(DistributedApplication app, string[] names, Action<string, string> onChange)
{
    private const string ErrorPrefix = "error:";

    private readonly Dictionary<string, string> _states = [];

    /// <summary>What each resource that is not healthy does.</summary>
    public string Describe()
    {
        lock (_states)
        {
            return string.Join(", ", _states.Where(state => state.Value != "healthy").Select(state => $"{state.Key} is {state.Value}"));
        }
    }

    /// <summary>Waits for the first resource that ends or cannot be started.</summary>
    /// <returns>Its name and what it said last, in one line.</returns>
    public async Task<string> FirstFailureAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in app.ResourceNotifications.WatchAsync(cancellationToken))
        {
            if (!names.Contains(change.Resource.Name))
            {
                continue;
            }

            var state = Describe(change.Snapshot);
            lock (_states)
            {
                _states[change.Resource.Name] = state;
            }

            onChange(change.Resource.Name, state);
            if (KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text ?? ""))
            {
                var line = await LastErrorAsync(change.Resource, cancellationToken);
                return $"{change.Resource.Name}: {line ?? $"ended with exit code {change.Snapshot.ExitCode}, without a word"}";
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private static string Describe(CustomResourceSnapshot snapshot) =>
        snapshot.HealthStatus switch
        {
            HealthStatus.Healthy => "healthy",
            not null => "starting",
            null => snapshot.State?.Text.ToLowerInvariant() ?? "starting",
        };

    // Services end with a line "error: …" on standard error when their input is bad; anything else is second best.
    private async Task<string?> LastErrorAsync(IResource resource, CancellationToken cancellationToken)
    {
        List<LogLine> lines = [];
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(resource)
            .WithCancellation(cancellationToken))
        {
            lines.AddRange(batch.Where(line => !string.IsNullOrWhiteSpace(line.Content)));
        }

        var said = lines.FindLast(line => line.Content.Contains(ErrorPrefix, StringComparison.Ordinal)).Content
            ?? lines.FindLast(line => line.IsErrorMessage).Content
            ?? lines.LastOrDefault().Content;
        var prefix = said?.IndexOf(ErrorPrefix, StringComparison.Ordinal) ?? -1;
        return prefix < 0 ? said?.Trim() : said![(prefix + ErrorPrefix.Length)..].Trim();
    }
}
