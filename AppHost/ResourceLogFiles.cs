using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace O1Coder.AppHost;

/// <summary>Writes each resource's console log to a file of the run's folder.</summary>
internal sealed partial class ResourceLogFiles : IAsyncDisposable
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopped = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _writing;

    private ResourceLogFiles(DistributedApplication app, string directory, string[] names)
    {
        _writing = WriteAllAsync(app, directory, [.. names]);
    }

    /// <summary>Begins to write.</summary>
    /// <param name="app">The application, before its start.</param>
    /// <param name="directory">The folder, which exists.</param>
    /// <param name="names">The resources.</param>
    public static ResourceLogFiles Begin(DistributedApplication app, string directory, string[] names) => new(app, directory, names);

    /// <summary>Writes what is left and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();

        // The logs end when the application stops; the limit is for one that does not.
        await Task.WhenAny(_writing, Task.Delay(s_drain));
        await _ending.CancelAsync();
        await _writing;
        _ending.Dispose();
        _stopped.Dispose();
    }

    // A resource's log is known under its final name once the start has begun, which the first change of its state tells.
    private async Task WriteAllAsync(DistributedApplication app, string directory, HashSet<string> awaited)
    {
        var logs = app.Services.GetRequiredService<ResourceLoggerService>();
        List<Task> files = [];
        void Begin(IResource resource) => files.Add(WriteAsync(logs, resource, Path.Combine(directory, $"{resource.Name}.log")));
        try
        {
            await foreach (var change in app.ResourceNotifications.WatchAsync(_stopped.Token))
            {
                if (awaited.Remove(change.Resource.Name))
                {
                    Begin(change.Resource);
                }

                if (awaited.Count == 0)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The application has stopped: what there is of the other logs is there now.
            foreach (var resource in app.Services.GetRequiredService<DistributedApplicationModel>().Resources)
            {
                if (awaited.Contains(resource.Name))
                {
                    Begin(resource);
                }
            }
        }

        await Task.WhenAll(files);
    }

    private async Task WriteAsync(ResourceLoggerService logs, IResource resource, string path)
    {
        await using var file = new StreamWriter(path, append: true);
        try
        {
            await foreach (var lines in logs.WatchAsync(resource).WithCancellation(_ending.Token))
            {
                foreach (var line in lines)
                {
                    await file.WriteLineAsync(EscapeSequence().Replace(line.Content, ""));
                }

                await file.FlushAsync(_ending.Token);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The application is over.
            return;
        }
    }

    // Colours: ESC [ parameters letter.
    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex EscapeSequence();
}
