using System.Net;

namespace O1Coder.Dashboard.Tests;

public class LoginTests
{
    private const string Token = "a+b/c=d&e";

    private static readonly string[] s_guarded =
    [
        "/", "/consolelogs/resource/policy", "/traces", "/no-such-page", "/app.css", "/js/dashboard.js", "/favicon.svg", "/_framework/blazor.web.js",
        "/_content/Microsoft.FluentUI.AspNetCore.Components/Microsoft.FluentUI.AspNetCore.Components.lib.module.js",
        "/_blazor", "/_blazor/negotiate", "/_blazor/initializers", "/api/anything", "/login;/app.css", "/health/../app.css", "/login/more", "/health/more",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_answers_without_the_token()
    {
        await using var host = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", Token));
        using var client = host.CreateClient();
        foreach (var path in s_guarded)
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Head, HttpMethod.Put })
            {
                using var request = new HttpRequestMessage(method, path);
                using var response = await client.SendAsync(request, Cancel);
                Assert.True(response.StatusCode is HttpStatusCode.Unauthorized, $"{method} {path}: {response.StatusCode}");
            }
        }

        using var health = await client.GetAsync("/health", Cancel);
        Assert.Equal("Healthy", await health.Content.ReadAsStringAsync(Cancel));
        var form = await client.GetStringAsync("/login", Cancel);
        Assert.Contains("type=\"password\"", form, StringComparison.Ordinal);
        Assert.DoesNotContain("blazor", form, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_link_logs_in_and_goes_where_the_person_was_going()
    {
        await using var host = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", Token));
        using var client = host.CreateClient();
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/consolelogs/resource/policy?x=1");
        asked.Headers.Accept.ParseAdd("text/html");
        using var sent = await client.SendAsync(asked, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Equal("/login?returnUrl=%2Fconsolelogs%2Fresource%2Fpolicy%3Fx%3D1", sent.Headers.Location?.OriginalString);

        using var entered = await client.GetAsync($"{sent.Headers.Location}&t={Uri.EscapeDataString(Token)}", Cancel);
        Assert.Equal("/consolelogs/resource/policy?x=1", entered.Headers.Location?.OriginalString);
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("expires=", cookie, StringComparison.OrdinalIgnoreCase);

        using var page = await client.GetAsync("/", Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var nowhere = await client.GetAsync("/no-such-page", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("traces")]
    [InlineData("")]
    public async Task A_login_never_leads_elsewhere(string returnUrl)
    {
        await using var host = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", Token));
        using var client = host.CreateClient();
        using var entered = await client.GetAsync($"/login?t={Uri.EscapeDataString(Token)}&returnUrl={Uri.EscapeDataString(returnUrl)}", Cancel);
        Assert.Equal("/", entered.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b/c=d&e")]
    [InlineData("A+B/C=D&E")]
    [InlineData("a+b/c=d&e-")]
    public async Task A_wrong_token_is_refused_by_link_and_by_form(string token)
    {
        await using var host = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", Token));
        using var client = host.CreateClient();
        using var form = new FormUrlEncodedContent([new("token", token), new("returnUrl", "/")]);
        using var posted = await client.PostAsync("/login", form, Cancel);
        using var linked = await client.GetAsync($"/login?t={Uri.EscapeDataString(token)}", Cancel);
        foreach (var response in new[] { posted, linked })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.False(response.Headers.Contains("Set-Cookie"));
            Assert.Contains("not the token", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cookie_ends_with_the_token_that_gave_it()
    {
        string cookie;
        await using (var first = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", "one")))
        {
            using var client = first.CreateClient();
            using var entered = await client.GetAsync("/login?t=one", Cancel);
            cookie = entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, cookie));
        }

        await using var same = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", "one"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(same, cookie));
        await using var other = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", "two"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(other, cookie));
    }

    [Theory]
    [InlineData("http://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task The_hub_listens_to_its_own_pages_only(string? origin, HttpStatusCode expected)
    {
        await using var host = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", Token));
        using var client = host.CreateClient();
        (await client.GetAsync($"/login?t={Uri.EscapeDataString(Token)}", Cancel)).Dispose();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", origin ?? host.Address.GetLeftPart(UriPartial.Authority));
        using var response = await client.SendAsync(request, Cancel);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Every_answer_says_what_a_browser_may_do_with_it()
    {
        await using var host = await DashboardHost.StartAsync(("Dashboard:Frontend:BrowserToken", Token));
        using var client = host.CreateClient();
        foreach (var path in new[] { "/login", "/health", "/", "/no-such-page" })
        {
            using var response = await client.GetAsync(path, Cancel);
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Unsecured_needs_no_token()
    {
        await using var host = await DashboardHost.StartAsync(("Dashboard:Frontend:AuthMode", "Unsecured"));
        using var client = host.CreateClient();
        using var page = await client.GetAsync("/", Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var login = await client.GetAsync("/login", Cancel);
        Assert.Equal("/", login.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("Dashboard:Frontend:AuthMode", "Whoever", "Whoever")]
    [InlineData("Dashboard:Frontend:BrowserToken", " ", "Dashboard:Frontend:BrowserToken")]
    [InlineData("DOTNET_RESOURCE_SERVICE_ENDPOINT_URL", "localhost:22000", "DOTNET_RESOURCE_SERVICE_ENDPOINT_URL is 'localhost:22000'")]
    public async Task A_setting_that_means_nothing_fails_the_start_by_name(string name, string value, string said)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await DashboardHost.StartAsync((name, value)));
        Assert.Contains(said, failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(DashboardHost host, string cookie)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var response = await client.GetAsync("/", Cancel);
        return response.StatusCode;
    }
}
