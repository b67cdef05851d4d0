using Microsoft.FluentUI.AspNetCore.Components;
using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.Dashboard.Components;
using O1Coder.Hosting.Dashboard.Components.ResourceViews;
using O1Coder.Hosting.Dashboard.Components.Shared;
using O1Coder.Hosting.Dashboard.Frontend;
using O1Coder.Hosting.Dashboard.Telemetry;

namespace O1Coder.Hosting.Dashboard;

/// <summary>What the dashboard is made of, beside its telemetry.</summary>
internal static class DashboardExtensions
{
    /// <summary>Adds pages, login and the client of the AppHost's resource service.</summary>
    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        // Otherwise only Development finds the files of packages and of wwwroot from bin/; a published folder has no use for it.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddFrontend(builder.Configuration);
        builder.Services.AddAppHost(builder.Configuration);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddFluentUIComponents();
        builder.AddTelemetry();
        builder.Services.AddScoped<BrowserTime>();
        builder.Services.AddScoped<CommandRunner>();
    }

    /// <summary>Maps pages, static files, <c>/login</c> and <c>/health</c>.</summary>
    public static void MapDashboard(this WebApplication app)
    {
        app.UseTelemetry();
        app.UseFrontend();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.MapFrontend();
        app.MapTelemetry();
    }
}
