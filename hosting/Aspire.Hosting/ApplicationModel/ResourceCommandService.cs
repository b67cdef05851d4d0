using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs commands on resources.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly DistributedApplicationModel _model;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(IServiceProvider services)
    {
        _services = services;
        _notifications = services.GetRequiredService<ResourceNotificationService>();
        _loggers = services.GetRequiredService<ResourceLoggerService>();
        _model = services.GetRequiredService<DistributedApplicationModel>();
    }

    /// <summary>Runs a command on every replica of a resource; it fails if it fails on one of them.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var ids = _model.ReplicaIds(resource);
        var results = await Task.WhenAll(ids.Select(id => ExecuteAsync(resource, id, commandName, cancellationToken)));
        return results.FirstOrDefault(result => !result.Success) ?? results[0];
    }

    /// <summary>Runs a command on one replica.</summary>
    /// <param name="resourceId">The replica's id; a resource's name where it has one replica.</param>
    /// <param name="commandName">The command's name.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName,
        CancellationToken cancellationToken = default) =>
        _notifications.TryGetCurrentState(resourceId, out var present)
            ? await ExecuteAsync(present.Resource, present.ResourceId, commandName, cancellationToken)
            : CommandResults.Failure($"Resource '{resourceId}' not found.");

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string id, string commandName,
        CancellationToken cancellationToken)
    {
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>()
            .LastOrDefault(candidate => candidate.Name == commandName);
        if (command is null)
        {
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{id}'.");
        }

        if (_notifications.TryGetCurrentState(id, out var present) &&
            command.UpdateState(new UpdateCommandStateContext { ResourceSnapshot = present.Snapshot, ServiceProvider = _services })
                != ResourceCommandState.Enabled)
        {
            return CommandResults.Failure(
                $"Command '{commandName}' is not enabled while resource '{id}' is {present.Snapshot.State?.Text ?? "unknown"}.");
        }

        try
        {
            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                ServiceProvider = _services,
                ResourceName = id,
                CancellationToken = cancellationToken,
                Logger = _loggers.GetLogger(resource),
            });
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
        catch (Exception exception)
        {
            _loggers.GetLogger(resource).LogError(exception, "Command '{Command}' failed: {Reason}", commandName, exception.Message);
            return CommandResults.Failure(exception);
        }
    }
}
