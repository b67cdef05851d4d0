using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace O1Coder.Hosting.Dashboard.Frontend;

/// <summary>Says on the console where to log in, in Aspire's words: tools look for them.</summary>
internal sealed partial class LoginAnnouncement(
    IHostApplicationLifetime lifetime, IServer server, IOptions<FrontendOptions> options, ILogger<LoginAnnouncement> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Announce);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } address)
        {
            return;
        }

        if (options.Value.AuthMode is FrontendAuthMode.Unsecured)
        {
            LogUnsecured(logger, address);
        }
        else
        {
            LogLogin(logger, address, Uri.EscapeDataString(options.Value.BrowserToken));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Login to the dashboard at {Url}/login?t={Token}")]
    private static partial void LogLogin(ILogger logger, string url, string token);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The dashboard at {Url} is open to anybody who reaches it: Dashboard:Frontend:AuthMode is Unsecured")]
    private static partial void LogUnsecured(ILogger logger, string url);
}
