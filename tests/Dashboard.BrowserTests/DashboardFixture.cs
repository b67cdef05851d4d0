using Microsoft.Playwright;
using O1Coder.Dashboard.Scenario;

namespace O1Coder.Dashboard.BrowserTests;

/// <summary>One scripted AppHost, one dashboard, one browser for all tests of this project.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    private const string Key = "key of the browser tests";

    // Nothing was chosen that the browser keeps, no dialog is open, and the page is connected.
    private const string AsAtFirst = """
        () => localStorage.length === 0 && !document.querySelector("dialog[open], .components-reconnect-show")
          && getComputedStyle(document.querySelector("#blazor-error-ui")).display === "none"
        """;

    /// <summary>The key that senders of telemetry have.</summary>
    public const string OtlpKey = "key of the senders";

    private readonly List<string> _elsewhere = [];
    private ScriptedAppHostServer? _server;
    private DashboardProcess? _dashboard;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _known;
    private IPage? _page;
    private bool _taken;

    /// <summary>The AppHost, to compare with and to change.</summary>
    public ScriptedAppHost AppHost => _server!.AppHost;

    /// <summary>The dashboard's login link.</summary>
    public Uri Login => _dashboard!.Login;

    /// <summary>Where the dashboard is.</summary>
    public Uri Address => _dashboard!.Address;

    /// <summary>Where telemetry is sent to, over HTTP.</summary>
    public Uri Otlp { get; private set; } = new("about:blank");

    /// <summary>Requests that a page sent to any other place than the dashboard.</summary>
    public IReadOnlyList<string> Elsewhere => _elsewhere;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Chromium.Program is null)
        {
            return;
        }

        _server = await ScriptedAppHostServer.StartAsync(NewAppHost(), 0, CancellationToken.None);
        Otlp = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        _dashboard = await DashboardProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["DOTNET_RESOURCE_SERVICE_ENDPOINT_URL"] = _server.Address.ToString(),
                ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = Key,
                ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = Otlp.ToString(),
                ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = OtlpKey,
            },
            CancellationToken.None);
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    /// <summary>Ends what the last test left, and lets the scenario begin anew.</summary>
    public async ValueTask ResetAsync()
    {
        foreach (var context in _browser?.Contexts.Where(one => one != _known).ToList() ?? [])
        {
            await context.CloseAsync();
        }

        foreach (var page in _known?.Pages.Where(one => one != _page).ToList() ?? [])
        {
            await page.CloseAsync();
        }

        _taken = false;

        if (_server is not null)
        {
            SolveScenario.Play(AppHost);
        }
    }

    /// <summary>
    /// A page of somebody who is logged in, with nothing of what the last test chose. The first that a test asks for is the same in
    /// all tests: Blazor and Fluent are loaded once, and what is opened is opened as a link within the page does.
    /// </summary>
    public async Task<IPage> OpenAsync(string path, ColorScheme theme = ColorScheme.Light, int width = 1360, int height = 820)
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.Missing);
        var isFirst = _known is null;
        _known ??= await NewContextAsync();
        var page = _taken || _page is null ? await _known.NewPageAsync() : _page;
        var isOpen = page == _page;
        (_page, _taken) = (_page ?? page, true);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
        await page.SetViewportSizeAsync(width, height);
        if (isOpen && await page.EvaluateAsync<bool>(AsAtFirst))
        {
            // By way of another page, so that the one that is opened begins anew.
            var (way, title) = path.StartsWith("/search", StringComparison.Ordinal) ? ("/", "Resources") : ("/search", "Search");
            await page.EvaluateAsync("path => Blazor.navigateTo(path)", way);
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(title);
            await page.EvaluateAsync("path => Blazor.navigateTo(path)", path);
            await Assertions.Expect(page.Locator("h1")).Not.ToHaveTextAsync(title);
            return page;
        }

        await page.GotoAsync(new Uri(Address, "/health").ToString());
        await page.EvaluateAsync("() => localStorage.clear()");
        if (isFirst)
        {
            await page.GotoAsync(Login.ToString());
        }

        await page.GotoAsync(new Uri(Address, path).ToString());
        await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        return page;
    }

    /// <summary>An empty page in a browser that has no cookie.</summary>
    public async Task<IPage> OpenStrangerAsync()
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.Missing);
        return await (await NewContextAsync()).NewPageAsync();
    }

    /// <summary>Ends the AppHost, as a person who stops it does.</summary>
    public async Task StopAppHostAsync() => await _server!.DisposeAsync();

    /// <summary>Starts another AppHost at the same address.</summary>
    public async Task StartAppHostAsync()
    {
        var port = _server!.Address.Port;
        AppHost.Dispose();
        _server = await ScriptedAppHostServer.StartAsync(NewAppHost(), port, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
            AppHost.Dispose();
        }
    }

    private async Task<IBrowserContext> NewContextAsync()
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { TimezoneId = "Europe/Berlin" });
        context.SetDefaultTimeout(30_000);
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                _elsewhere.Add(request.Url);
            }
        };
        return context;
    }

    private static ScriptedAppHost NewAppHost()
    {
        var appHost = new ScriptedAppHost(Key);
        SolveScenario.Play(appHost);
        return appHost;
    }
}
