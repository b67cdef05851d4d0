using System.Net;

namespace O1Coder.Dashboard.Tests;

public class LoginTests
{
    private const string Token = "a+b/c=d&e";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/consolelogs/resource/policy")]
    [InlineData("/traces")]
    [InlineData("/no-such-page")]
    [InlineData("/app.css")]
    [InlineData("/js/dashboard.js")]
    [InlineData("/favicon.svg")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/Microsoft.FluentUI.AspNetCore.Components/Microsoft.FluentUI.AspNetCore.Components.lib.module.js")]
    [InlineData("/_blazor")]
    [InlineData("/_blazor/negotiate")]
    [InlineData("/_blazor/initializers")]
    [InlineData("/api/console/policy")]
    [InlineData("/login/")]
    [InlineData("/login;/app.css")]
    [InlineData("/health/../app.css")]
    public async Task Nothing_answers_without_the_token(string path)
    {
        await using var host = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", Token));
        using var client = host.CreateClient();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, new Uri(host.Address, path));
            using var response = await client.SendAsync(request, Cancel);

            // "/login/" is /login to the router; the form is all that it has to say.
            if (path == "/login/")
            {
                Assert.DoesNotContain("blazor", await response.Content.ReadAsStringAsync(Cancel), StringComparison.OrdinalIgnoreCase);
            }
            else
            {
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            }
        }
    }
}
