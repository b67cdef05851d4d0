using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using V1 = O1Coder.Hosting.ResourceService;

namespace Aspire.Hosting.Dashboard;

/// <summary>Tells of the resources and runs commands on them; <c>resource_service.proto</c> says how.</summary>
internal sealed class ResourceServiceImplementation(string applicationName, ResourceNotificationService notifications, ResourceLoggerService loggers,
    ResourceCommandService commands, IHostApplicationLifetime lifetime) : V1.ResourceService.ResourceServiceBase
{
    // Long lines may be up to what a program writes; a message takes 4 MiB.
    private const int MostLinesAMessage = 500;
    private const int MostTextAMessage = 1024 * 1024;

    public override Task<V1.Application> GetApplication(V1.GetApplicationRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.Application { Name = applicationName });

    public override async Task WatchResources(V1.WatchResourcesRequest request, IServerStreamWriter<V1.ResourcesChange> responseStream,
        ServerCallContext context)
    {
        using var ending = Ending(context);
        var (present, changes) = notifications.Subscribe();
        var latest = new LatestChanges();
        var pumping = latest.PumpAsync(changes.Reader, ending.Token);
        try
        {
            await responseStream.WriteAsync(new V1.ResourcesChange { Complete = true, Changed = { present.Select(ResourceMessages.Of) } }, ending.Token);
            while (await latest.TakeAsync(ending.Token) is { Count: > 0 } changed)
            {
                await responseStream.WriteAsync(new V1.ResourcesChange { Changed = { changed.Select(ResourceMessages.Of) } }, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The caller has gone, or the application ends.
            return;
        }
        finally
        {
            notifications.Unsubscribe(changes);
            await ending.CancelAsync();
            await pumping;
        }
    }

    public override async Task WatchConsoleLogs(V1.WatchConsoleLogsRequest request, IServerStreamWriter<V1.ConsoleLines> responseStream,
        ServerCallContext context)
    {
        var instance = Find(request.InstanceName).ResourceId;
        using var ending = Ending(context);
        try
        {
            if (request.NoFollow)
            {
                await WriteAsync(responseStream, loggers.Backlog(instance), ending.Token);
                return;
            }

            await foreach (var lines in loggers.WatchLatestAsync(instance, ending.Token))
            {
                await WriteAsync(responseStream, lines, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return; // The caller has gone, or the application ends.
        }
    }

    public override async Task<V1.ExecuteCommandResponse> ExecuteCommand(V1.ExecuteCommandRequest request, ServerCallContext context)
    {
        var instance = Find(request.InstanceName);
        var command = instance.Snapshot.Commands.FirstOrDefault(known => known.Name == request.Command)
            ?? throw new RpcException(new Status(StatusCode.NotFound,
                $"command is '{request.Command}': expected one of {string.Join(", ", instance.Snapshot.Commands.Select(known => known.Name).DefaultIfEmpty("none"))}"));
        if (command.State != ResourceCommandState.Enabled)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition,
                $"command is '{request.Command}': not enabled while '{instance.ResourceId}' is {instance.Snapshot.State?.Text ?? "unknown"}"));
        }

        var result = await commands.ExecuteCommandAsync(instance.ResourceId, request.Command, context.CancellationToken);
        return new V1.ExecuteCommandResponse
        {
            Result = result.Success ? V1.ExecuteCommandResult.Succeeded
                : result.Canceled ? V1.ExecuteCommandResult.Cancelled : V1.ExecuteCommandResult.Failed,
            Message = result.Message ?? "",
        };
    }

    private ResourceEvent Find(string instanceName) => notifications.Find(instanceName)
        ?? throw new RpcException(new Status(StatusCode.NotFound,
            $"instance_name is '{instanceName}': expected a name that WatchResources told of"));

    private CancellationTokenSource Ending(ServerCallContext context) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopped);

    private static async Task WriteAsync(IServerStreamWriter<V1.ConsoleLines> stream, IReadOnlyList<TimedLogLine> lines,
        CancellationToken cancellationToken)
    {
        var message = new V1.ConsoleLines();
        var text = 0;
        foreach (var line in lines)
        {
            var next = ResourceMessages.Of(line);
            if (message.Lines.Count > 0 && (message.Lines.Count == MostLinesAMessage || text + next.Text.Length > MostTextAMessage))
            {
                await stream.WriteAsync(message, cancellationToken);
                message = new V1.ConsoleLines();
                text = 0;
            }

            message.Lines.Add(next);
            text += next.Text.Length;
        }

        if (message.Lines.Count > 0)
        {
            await stream.WriteAsync(message, cancellationToken);
        }
    }
}
