using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace O1Coder.Dashboard.BrowserTests;

/// <summary>Structured logs, traces, metrics and search, with telemetry that was sent by OTLP.</summary>
[Collection(DashboardCollection.Name)]
public class TelemetryPageTests(DashboardFixture dashboard) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => dashboard.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Log_lines_are_filtered_and_lead_to_their_trace()
    {
        var page = await dashboard.OpenAsync("/structuredlogs");
        await SendAsync("acorn");
        // They come by themselves.
        await page.GetByLabel("Filter messages").FillAsync("acorn");
        var rows = page.Locator(".log-table tbody tr.clickable");
        await Expect(rows).ToHaveCountAsync(2);
        await page.GetByLabel("Least level").SelectOptionAsync("Warning");
        await Expect(rows).ToHaveCountAsync(1);
        await page.GetByLabel("Least level").SelectOptionAsync("Unspecified");

        await page.GetByText("Add filter").ClickAsync();
        await page.GetByLabel("Field").FillAsync("Test");
        await page.GetByLabel("Condition").SelectOptionAsync("<");
        await page.GetByLabel("Value", new() { Exact = true }).FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.Locator(".chip")).ToHaveTextAsync("Test < 2");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("acorn: test 1 passed");
        await page.GetByLabel("Remove the filter Test < 2").ClickAsync();
        await Expect(rows).ToHaveCountAsync(2);

        await rows.Filter(new() { HasText = "time_limit" }).ClickAsync();
        await Expect(page.Locator(".details .log-message")).ToHaveTextAsync("acorn: test 2 ended with time_limit");
        await Expect(page.Locator(".details .facts tr", new() { HasText = "Verdict" })).ToContainTextAsync("time_limit");
        await page.GetByText("Its trace").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("cli: solve acorn");
        await Expect(page.Locator(".details h2")).ToHaveTextAsync("run test");
    }

    [Fact]
    public async Task A_trace_is_folded_searched_and_tells_what_the_model_said()
    {
        await SendAsync("beech");
        var page = await dashboard.OpenAsync("/traces?text=beech");
        var listed = page.Locator(".trace-table tbody tr.clickable");
        await Expect(listed).ToHaveCountAsync(1);
        await Expect(listed.Locator(".share")).ToHaveTextAsync([Share("cli", 1), Share("policy", 1), Share("sandbox", 2)]);
        await Expect(listed.Locator(".duration-text")).ToHaveTextAsync("900 ms");
        await page.GetByLabel("Duration at least").FillAsync("1s");
        await page.GetByLabel("Duration at least").BlurAsync();
        await Expect(page.GetByText("No trace answers the filters")).ToBeVisibleAsync();
        await page.GetByLabel("Duration at least").FillAsync("850ms");
        await page.GetByLabel("Duration at least").BlurAsync();
        await listed.Locator("a").ClickAsync();

        var rows = page.Locator(".waterfall-row");
        await Expect(rows).ToHaveCountAsync(4);
        await Expect(page.Locator(".trace-facts")).ToContainTextAsync("3 resources");
        await page.GetByLabel("Fold 1 spans").ClickAsync();
        await Expect(rows).ToHaveCountAsync(3);
        await page.GetByLabel("Fold 1 spans").ClickAsync();
        await page.GetByLabel("Search in this trace").FillAsync("time_limit");
        await Expect(page.GetByText("1 found")).ToBeVisibleAsync();
        await Expect(rows).ToHaveCountAsync(2);
        await page.GetByLabel("Search in this trace").FillAsync("");
        await Expect(rows).ToHaveCountAsync(4);
        await Expect(page.Locator(".waterfall-log")).ToHaveCountAsync(2);

        await rows.Filter(new() { HasText = "chat small-coder" }).ClickAsync();
        await Expect(page.Locator(".genai-message pre")).ToHaveTextAsync([TelemetrySample.Prompt, TelemetrySample.Completion]);
        await Expect(page.Locator(".genai-facts")).ToContainTextAsync("sft-7");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Span" }).ClickAsync();
        await Expect(page.Locator(".details .facts tr", new() { HasText = "gen_ai.usage.input_tokens" })).ToContainTextAsync("21");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".details")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Charts_stand_side_by_side_and_an_exemplar_leads_to_its_trace()
    {
        await SendAsync("cedar");
        await SendAsync("dogwood");
        var page = await dashboard.OpenAsync("/metrics");
        await page.Locator(".instrument", new() { HasText = "run.cedar" }).Locator("input").CheckAsync();
        await page.Locator(".instrument", new() { HasText = "run.dogwood" }).Locator("input").CheckAsync();
        var cards = page.Locator(".metric-card");
        await Expect(cards).ToHaveCountAsync(2);
        await page.ReloadAsync();
        await Expect(cards).ToHaveCountAsync(2);
        var card = cards.Filter(new() { HasText = "run.cedar" });
        await Expect(card.Locator(".legend")).ToContainTextAsync("P99");
        await card.GetByLabel("Table").ClickAsync();
        await Expect(card.Locator("tbody td").Nth(1)).ToHaveTextAsync("4");
        await Expect(card.Locator("tbody td").Nth(2)).ToHaveTextAsync("550 ms");
        await card.GetByRole(AriaRole.Button, new() { Name = "Histogram" }).ClickAsync();
        await Expect(card.Locator(".bars > div")).ToHaveCountAsync(3);
        await card.GetByRole(AriaRole.Button, new() { Name = "Histogram" }).ClickAsync();
        await card.Locator(".chart-exemplars a").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("cli: solve cedar");
    }

    [Fact]
    public async Task Search_finds_log_lines_and_spans_and_a_paused_page_stands_still()
    {
        await SendAsync("elder");
        var page = await dashboard.OpenAsync("/search?text=elder");
        await Expect(page.Locator(".search-table mark")).ToHaveTextAsync(["elder", "elder", "elder"]);
        await Expect(page.GetByText("2 log lines, 0 console lines, 1 span")).ToBeVisibleAsync();
        await page.Locator(".search-table a", new() { HasText = "solve" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("cli: solve elder");

        await page.GotoAsync(new Uri(dashboard.Address, "/structuredlogs?text=elder").ToString());
        var rows = page.Locator(".log-table tbody tr.clickable");
        await Expect(rows).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Go on" })).ToBeVisibleAsync();
        await SendAsync("elder");
        // Asked of the store by another page, so that it is known to be there.
        var other = await dashboard.OpenAsync("/structuredlogs?text=elder");
        await Expect(other.Locator(".log-table tbody tr.clickable")).ToHaveCountAsync(4);
        await Expect(rows).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task Search_finds_console_lines_and_leads_to_them()
    {
        var page = await dashboard.OpenAsync("/search?text=FIR%20SHAVINGS");
        await Expect(page.GetByText("'FIR SHAVINGS' is nowhere")).ToBeVisibleAsync();

        // They come by themselves, without their colours.
        dashboard.AppHost.Write("sandbox-b21c", "\u001b[31mfir \u001b[0mshavings, first");
        dashboard.AppHost.Write("tcg-c0de", "nothing of that kind");
        dashboard.AppHost.Write("tcg-c0de", "more fir shavings");
        await Expect(page.GetByText("0 log lines, 2 console lines, 0 spans")).ToBeVisibleAsync();
        await Expect(page.Locator(".search-table mark")).ToHaveTextAsync(["fir shavings", "fir shavings"]);
        var row = page.Locator(".search-table tbody tr.clickable").Filter(new() { HasText = "first" });
        await Expect(row).ToContainTextAsync("sandbox-b21c");
        await row.Locator("a").ClickAsync();
        await Expect(page.Locator(".console .message")).ToHaveTextAsync(["fir shavings, first"]);
        await Expect(page.GetByLabel("Filter lines")).ToHaveValueAsync("FIR SHAVINGS");
        await page.GetByLabel("Filter lines").FillAsync("");
        await Expect(page.Locator(".console .message")).Not.ToHaveCountAsync(1);
    }

    private static Regex Share(string service, int spans) => new($"^{service}\\s+{spans}$");

    private Task<string> SendAsync(string word)
    {
        Assert.SkipWhen(Chromium.Program is null, Chromium.Missing);
        return TelemetrySample.SendAsync(dashboard.Otlp, DashboardFixture.OtlpKey, word, TestContext.Current.CancellationToken);
    }
}
