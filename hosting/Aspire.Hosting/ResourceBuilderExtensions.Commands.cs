using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;

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
            Do((orchestrator, id, token) => orchestrator.StartResourceAsync(id, token)), EnabledWhen(IsDown))
        .WithCommand(KnownResourceCommands.StopCommand, "Stop",
            Do((orchestrator, id, token) => orchestrator.StopResourceAsync(id, token)), EnabledWhen(state => !IsDown(state)))
        .WithCommand(KnownResourceCommands.RestartCommand, "Restart",
            Do(async (orchestrator, id, token) =>
            {
                await orchestrator.StopResourceAsync(id, token);
                await orchestrator.StartResourceAsync(id, token);
            }), EnabledWhen(state => state == KnownResourceStates.Running));

    private static Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Do(
        Func<ApplicationOrchestrator, string, CancellationToken, Task> act) => async context =>
        {
            await act(context.ServiceProvider.GetRequiredService<ApplicationOrchestrator>(), context.ResourceName, context.CancellationToken);
            return CommandResults.Success();
        };

    private static CommandOptions EnabledWhen(Func<string?, bool> enabled) => new()
    {
        UpdateState = context => enabled(context.ResourceSnapshot.State?.Text)
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled,
    };

    private static bool IsDown(string? state) =>
        state is null || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
}
