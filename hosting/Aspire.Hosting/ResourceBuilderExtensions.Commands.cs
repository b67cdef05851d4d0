using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds a command, in place of one of the same name.</summary>
    public static IResourceBuilder<T> WithCommand<T>(this IResourceBuilder<T> builder, string name, string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand, CommandOptions? commandOptions = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(executeCommand);
        if (builder.Resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(known => known.Name == name) is { } known)
        {
            builder.Resource.Annotations.Remove(known);
        }

        return builder.WithAnnotation(new ResourceCommandAnnotation(name, displayName, executeCommand, commandOptions));
    }

    /// <summary>Adds the commands that every process has: start, stop, restart.</summary>
    internal static IResourceBuilder<T> WithLifecycleCommands<T>(this IResourceBuilder<T> builder)
        where T : IResource => builder
        .WithCommand(KnownResourceCommands.StartCommand, "Start",
            Do((orchestrator, id, token) => orchestrator.StartResourceAsync(id, token)), Options(IsDown, "Play", "Starts it, after its waits.", isHighlighted: true))
        .WithCommand(KnownResourceCommands.StopCommand, "Stop",
            Do((orchestrator, id, token) => orchestrator.StopResourceAsync(id, token)), Options(state => !IsDown(state), "Stop", "Stops it with all its processes.", isHighlighted: true))
        .WithCommand(KnownResourceCommands.RestartCommand, "Restart",
            Do(async (orchestrator, id, token) =>
            {
                await orchestrator.StopResourceAsync(id, token);
                await orchestrator.StartResourceAsync(id, token);
            }), Options(state => state == KnownResourceStates.Running, "ArrowCounterclockwise", "Stops it and starts it again."));

    /// <summary>Adds the command that a project has beside those.</summary>
    internal static IResourceBuilder<ProjectResource> WithRebuildCommand(this IResourceBuilder<ProjectResource> builder) => builder
        .WithCommand(KnownResourceCommands.RebuildCommand, "Rebuild",
            async context => await context.ServiceProvider.GetRequiredService<ApplicationOrchestrator>()
                .RebuildResourceAsync(context.ResourceName, context.CancellationToken) is var code && code == 0
                ? CommandResults.Success()
                : CommandResults.Failure($"The build ended with exit code {code}; what it said is in the resource's log."),
            Options(state => state != KnownResourceStates.Building, "ArrowSync", "Stops all replicas, builds the project, and starts them again."));

    /// <summary>Adds a command that sends an HTTP request to the resource, a POST unless the options say otherwise.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="displayName">How the command is shown.</param>
    /// <param name="endpointName">The endpoint; null for the one named https or http.</param>
    /// <param name="commandName">The command's name; null for one made of endpoint, method and path.</param>
    /// <param name="commandOptions">More about it.</param>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(this IResourceBuilder<TResource> builder, string path, string displayName,
        string? endpointName = null, string? commandName = null, HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(path);
        commandOptions ??= new HttpCommandOptions();
        var command = new HttpCommand(builder.Resource, path, endpointName, commandOptions);
        commandName ??= $"{builder.Resource.Name}-{endpointName ?? "http"}-{commandOptions.Method ?? HttpMethod.Post}-{path}";
        return builder.WithCommand(commandName, displayName, command.ExecuteAsync, new CommandOptions
        {
            Description = commandOptions.Description,
            ConfirmationMessage = commandOptions.ConfirmationMessage,
            IconName = commandOptions.IconName,
            IconVariant = commandOptions.IconVariant,
            IsHighlighted = commandOptions.IsHighlighted,

            // Without a process there is nobody to answer.
            UpdateState = commandOptions.UpdateState ?? (context => context.ResourceSnapshot.HealthStatus == HealthStatus.Healthy
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Disabled),
        });
    }

    private static Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Do(
        Func<ApplicationOrchestrator, string, CancellationToken, Task> act) => async context =>
        {
            await act(context.ServiceProvider.GetRequiredService<ApplicationOrchestrator>(), context.ResourceName, context.CancellationToken);
            return CommandResults.Success();
        };

    private static CommandOptions Options(Func<string?, bool> enabled, string icon, string description, bool isHighlighted = false) => new()
    {
        IconName = icon,
        Description = description,
        IsHighlighted = isHighlighted,
        UpdateState = context => enabled(context.ResourceSnapshot.State?.Text)
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled,
    };

    private static bool IsDown(string? state) =>
        state is null || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
}
