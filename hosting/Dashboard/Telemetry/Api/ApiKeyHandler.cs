using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using O1Coder.Hosting.Dashboard.Frontend;

namespace O1Coder.Hosting.Dashboard.Telemetry.Api;

/// <summary>
/// Lets programs read telemetry with a key in place of the pages' cookie: the header <c>X-API-Key</c> holds the value of
/// <c>Dashboard:Api:PrimaryApiKey</c>. Without that setting no key opens anything.
/// </summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IConfiguration configuration,
    IOptions<FrontendOptions> frontend)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "TelemetryApiKey";

    /// <summary>The header that has the key.</summary>
    public const string Header = "X-API-Key";

    private const string KeySetting = "Dashboard:Api:PrimaryApiKey";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (frontend.Value.AuthMode is FrontendAuthMode.Unsecured)
        {
            return Task.FromResult(Enter());
        }

        if (Request.Headers[Header] is not [{ Length: > 0 } given] || configuration[KeySetting] is not { Length: > 0 } key)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(CryptographicOperations.FixedTimeEquals(Hash(given), Hash(key)) ? Enter() : AuthenticateResult.Fail($"{Header} holds another key"));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // A program is not sent to a page where people log in.
        Response.Headers.Remove("Location");
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static AuthenticateResult Enter() => AuthenticateResult.Success(
        new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "program")], SchemeName)), SchemeName));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
