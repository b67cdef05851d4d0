using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace O1Coder.Hosting.Dashboard.Frontend;

/// <summary>The cookie that a login leaves.</summary>
internal static class LoginCookie
{
    /// <summary>
    /// The cookie's name, with the first port served where one is configured: a browser keeps cookies by host, not by port,
    /// and two dashboards of one machine would log each other out.
    /// </summary>
    public static string NameFor(IConfiguration configuration)
    {
        var first = (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        var port = first is null ? 0 : BindingAddress.Parse(first).Port;
        return port > 0 ? $".O1Coder.Dashboard.{port}" : ".O1Coder.Dashboard";
    }

    /// <summary>Sends a person to the login page; tells a program 401.</summary>
    public static Task AskAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        var forPerson = HttpMethods.IsGet(request.Method) && request.Headers.Accept.Any(one => one?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);
        if (!forPerson)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        var here = request.Path + request.QueryString;
        context.Response.Redirect(here is "" or "/" ? "/login" : $"/login?returnUrl={Uri.EscapeDataString(here)}");
        return Task.CompletedTask;
    }

    /// <summary>Refuses a cookie that another token gave.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context, BrowserTokenCheck check)
    {
        if (!check.IsCurrent(context.Principal))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync();
        }
    }
}
