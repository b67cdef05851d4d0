using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Writes the resources' logs to the AppHost's console, each line with its resource's name.</summary>
internal sealed class ResourceConsole(DistributedApplicationModel model, ResourceLoggerService loggers) : IHostedService
{
    private static readonly int[] s_colours = [36, 33, 35, 32, 34, 96, 93, 95];

    private readonly bool _coloured = !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    private Task _writing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var processes = model.Resources.Where(ResourceModel.IsProcess).ToArray();
        var width = processes.Select(resource => resource.Name.Length).DefaultIfEmpty().Max();
        _writing = Task.WhenAll(processes.Select((resource, index) =>
            WriteAsync(resource, resource.Name.PadRight(width), s_colours[index % s_colours.Length])));
        return Task.CompletedTask;
    }

    // The orchestrator stops before this does and ends the logs.
    public Task StopAsync(CancellationToken cancellationToken) => _writing.WaitAsync(cancellationToken);

    private async Task WriteAsync(IResource resource, string label, int colour)
    {
        await Task.Yield();
        await foreach (var lines in loggers.WatchAsync(resource))
        {
            foreach (var line in lines)
            {
                await Console.Out.WriteLineAsync(_coloured
                    ? $"\e[{colour}m{label} |\e[0m {line.Content}"
                    : $"{label} | {AnsiText.Plain(line.Content)}");
            }
        }
    }
}
