using System.Net;
using Microsoft.FluentUI.AspNetCore.Components;
using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.Components.ResourceViews;

/// <summary>Runs a resource's command for the person at the page: asks first where the command wants it, and says what came of it.</summary>
internal sealed class CommandRunner(AppHostClient client, IDialogService dialogs, INotificationService notifications)
{
    /// <summary>Asks, runs, reports. Ends with the command, not with the report.</summary>
    public async Task RunAsync(Resource resource, ResourceCommand command)
    {
        if (command.Confirmation is { Length: > 0 } question)
        {
            var answer = await dialogs.ShowConfirmationAsync(Plain(question), Plain($"{command.DisplayName}: {resource.Name}"), "Yes", "No");
            if (answer.Cancelled)
            {
                return;
            }
        }

        var response = await client.ExecuteAsync(resource.InstanceName, command.Name, CancellationToken.None);
        var (intent, title) = response.Result switch
        {
            ExecuteCommandResult.Succeeded => (ToastIntent.Success, $"{command.DisplayName}: {resource.Name}"),
            ExecuteCommandResult.Cancelled => (ToastIntent.Info, $"{command.DisplayName}: {resource.Name} was cancelled"),
            _ => (ToastIntent.Error, $"{command.DisplayName}: {resource.Name} failed"),
        };

        // The task ends when the toast closes, and nothing waits for that.
        _ = notifications.ShowToastAsync(options =>
        {
            options.Intent = intent;
            options.Title = Plain(title);
            options.Message = Plain(response.Message);
            options.ResultTiming = ToastResultTiming.Queued;
            options.Position = ToastPosition.BottomEnd;
            options.Lifetime = TimeSpan.FromSeconds(intent is ToastIntent.Error ? 20 : 6);
        });
    }

    // Dialogs and toasts take markup; what an AppHost says is text.
    private static string Plain(string text) => WebUtility.HtmlEncode(text);
}
