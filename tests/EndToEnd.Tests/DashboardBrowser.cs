using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using O1Coder.Dashboard.BrowserTests;

namespace O1Coder.EndToEnd.Tests;

/// <summary>A browser that is logged in to the running system's dashboard, with one page for all tests.</summary>
public sealed class DashboardBrowser(LiveSystem system) : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(150);

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage? _page;

    /// <summary>The page. Skips the test where there is no browser or another dashboard.</summary>
    public IPage Page
    {
        get
        {
            Assert.SkipWhen(Chromium.Program is null, Chromium.Missing);
            Assert.SkipUnless(LiveSystem.HasOwnDashboard, "the dashboard of the official packages is not this repository's");
            return _page!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Chromium.Program is null || !LiveSystem.HasOwnDashboard)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout((float)s_patience.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1360, Height = 820 } });
        context.SetDefaultTimeout((float)s_patience.TotalMilliseconds);
        _page = await context.NewPageAsync();
        await _page.GotoAsync(new Uri(system.DashboardAddress, $"/login?t={system.BrowserToken}").ToString());
        await Assertions.Expect(_page.Locator("h1")).ToHaveTextAsync("Resources");
    }

    /// <summary>Goes to a page as a link does: Blazor's connection stays.</summary>
    public async Task GoAsync(string path, string title)
    {
        await Page.EvaluateAsync("path => Blazor.navigateTo(path)", path);
        await Assertions.Expect(Page.Locator("h1")).ToHaveTextAsync(title);
    }

    /// <summary>What the telemetry API answers.</summary>
    public async Task<IReadOnlyList<TelemetryRecord>> TelemetryAsync(string query)
    {
        var response = await Page.APIRequest.GetAsync(new Uri(system.DashboardAddress, $"/api/telemetry/{query}").ToString());
        Assert.True(response.Ok, await response.TextAsync());
        return TelemetryRecord.ReadAll((await response.JsonAsync<JsonElement>())!);
    }

    /// <summary>Waits until the page shows what another source tells: both may still be on their way.</summary>
    public static async Task AgreeAsync<T>(Func<Task<T>> told, Func<Task<T>> shown)
    {
        var end = DateTime.UtcNow + s_patience;
        while (true)
        {
            var (expected, actual) = (await told(), await shown());
            if (DateTime.UtcNow > end || JsonSerializer.Serialize(expected) == JsonSerializer.Serialize(actual))
            {
                Assert.Equal(expected, actual);
                return;
            }

            await Task.Delay(s_between, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The first number in an element's text.</summary>
    public async Task<int> NumberAsync(string locator)
    {
        var text = await Page.Locator(locator).InnerTextAsync();
        var digits = new string([.. text.Replace(",", "", StringComparison.Ordinal).SkipWhile(one => !char.IsAsciiDigit(one)).TakeWhile(char.IsAsciiDigit)]);
        return int.Parse(digits, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
