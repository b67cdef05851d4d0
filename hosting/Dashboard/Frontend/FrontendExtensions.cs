using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using O1Coder.Hosting.Dashboard.Components.Pages;

namespace O1Coder.Hosting.Dashboard.Frontend;

/// <summary>
/// Login and what guards the pages. Every endpoint needs the cookie unless it says <c>AllowAnonymous</c>; so does a path
/// that has no endpoint, and what is added later is closed until it is opened.
/// </summary>
internal static class FrontendExtensions
{
    private static readonly TimeSpan s_cookieLife = TimeSpan.FromDays(3);

    /// <summary>Adds the cookie, the rule that nothing answers without it, and a health check.</summary>
    /// <exception cref="OptionsValidationException">At the start: the token is empty, or the mode is none of Aspire's words.</exception>
    public static void AddFrontend(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<FrontendOptions>()
            .Bind(configuration.GetSection(FrontendOptions.Section), binder => binder.ErrorOnUnknownConfiguration = false)
            .Validate(
                options => options.AuthMode is FrontendAuthMode.Unsecured || !string.IsNullOrWhiteSpace(options.BrowserToken),
                "Dashboard:Frontend:BrowserToken is empty; expected a token, or none at all to have one generated.")
            .ValidateOnStart();
        services.AddSingleton<BrowserTokenCheck>();
        services.AddHostedService<LoginAnnouncement>();
        services.AddHealthChecks();
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();

        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<BrowserTokenCheck>((cookie, check) =>
            {
                cookie.Cookie.Name = LoginCookie.NameFor(configuration);
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = s_cookieLife;
                cookie.SlidingExpiration = true;
                cookie.LoginPath = "/login";
                cookie.ReturnUrlParameter = "returnUrl";
                cookie.Events.OnRedirectToLogin = LoginCookie.AskAsync;
                cookie.Events.OnValidatePrincipal = context => LoginCookie.ValidateAsync(context, check);
            });
        services.AddAuthorizationBuilder();
        services.AddOptions<AuthorizationOptions>().Configure<IOptions<FrontendOptions>>((authorization, frontend) =>
        {
            authorization.FallbackPolicy = frontend.Value.AuthMode is FrontendAuthMode.Unsecured
                ? null
                : new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        });
    }

    /// <summary>Security headers, the check of where a request comes from, and the cookie; before any endpoint.</summary>
    public static void UseFrontend(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<SameOrigin>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    /// <summary>Maps <c>/login</c> and <c>/health</c>, the two that answer to anybody.</summary>
    public static void MapFrontend(this WebApplication app)
    {
        app.MapHealthChecks("/health").AllowAnonymous();
        app.MapGet("/login", LoginAsync).AllowAnonymous();
        // A form that another site sends brings no token, and one that has the token needs no other site: no antiforgery.
        app.MapPost("/login", LoginFormAsync).AllowAnonymous().DisableAntiforgery();
    }

    private static async Task<IResult> LoginAsync(
        HttpContext context, BrowserTokenCheck check, IOptions<FrontendOptions> options, string? t, string? returnUrl)
    {
        if (options.Value.AuthMode is FrontendAuthMode.Unsecured)
        {
            return Results.LocalRedirect(LocalPath(returnUrl));
        }

        return t is null ? Form(returnUrl, refused: false) : await EnterAsync(context, check, t, returnUrl);
    }

    private static Task<IResult> LoginFormAsync(
        HttpContext context, BrowserTokenCheck check, [FromForm] string? token, [FromForm] string? returnUrl) =>
        EnterAsync(context, check, token ?? "", returnUrl);

    private static async Task<IResult> EnterAsync(HttpContext context, BrowserTokenCheck check, string token, string? returnUrl)
    {
        if (!check.IsToken(token.Trim()))
        {
            return Form(returnUrl, refused: true);
        }

        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, "operator"), check.Claim], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
        return Results.LocalRedirect(LocalPath(returnUrl));
    }

    private static RazorComponentResult<LoginPage> Form(string? returnUrl, bool refused) =>
        new(new { ReturnUrl = LocalPath(returnUrl), Refused = refused })
        {
            StatusCode = refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK,
        };

    // "//host" and "/\host" are other hosts to a browser.
    private static string LocalPath(string? returnUrl) =>
        returnUrl is ['/'] or ['/', not ('/' or '\\'), ..] && !returnUrl.Any(char.IsControl) ? returnUrl : "/";
}
