using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace O1Coder.EndToEnd.Tests;

/// <summary>The dashboard of the running system in a browser: what it shows is what happened.</summary>
[Collection(LiveSystem.Collection)]
public sealed partial class DashboardTests(LiveSystem system, DashboardBrowser browser) : IClassFixture<DashboardBrowser>
{
    private const string Everything = "limit=10000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ResourceNotificationService Notifications => system.Application.ResourceNotifications;

    [Fact]
    public async Task Resources_are_in_the_state_that_they_are_in_and_a_command_of_a_button_changes_it()
    {
        await browser.GoAsync("/", "Resources");
        var page = browser.Page;
        var model = system.Application.Services.GetRequiredService<DistributedApplicationModel>();
        string[] expected = [.. model.Resources.Where(one => one is not ParameterResource).Select(one => one.Name).Where(name => name != "aspire-dashboard").Order()];
        var rows = page.Locator(".resource-table tbody tr");
        await Expect(rows).ToHaveCountAsync(expected.Length);
        Assert.Equal(expected, (await page.Locator(".resource-table .cell-name").AllInnerTextsAsync()).Order());
        foreach (var instance in await rows.EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.resource)"))
        {
            await DashboardBrowser.AgreeAsync(() => Task.FromResult(StateOf(instance)), () => Row(page, instance).Locator(".cell-state").InnerTextAsync());
        }

        await page.GetByLabel("Filter resources").FillAsync("tcg");
        await Expect(rows).ToHaveCountAsync(1);
        var tcg = (await rows.GetAttributeAsync("data-resource"))!;

        // No other test of this collection runs now, and none that follows begins before it is healthy again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop tcg" }).ClickAsync();
        await Expect(page.GetByText("Stop: tcg", new() { Exact = true })).ToBeVisibleAsync();
        var ended = await Notifications.WaitForResourceAsync("tcg", one => KnownResourceStates.TerminalStates.Contains(one.Snapshot.State?.Text), Token);
        Assert.Equal(tcg, ended.ResourceId);
        await DashboardBrowser.AgreeAsync(() => Task.FromResult(StateOf(tcg)), () => Row(page, tcg).Locator(".cell-state").InnerTextAsync());
        Assert.DoesNotContain("Running", await Row(page, tcg).Locator(".cell-state").InnerTextAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start tcg" }).ClickAsync();
        await Notifications.WaitForResourceHealthyAsync("tcg", Token);
        await Expect(Row(page, tcg).Locator(".cell-state")).ToHaveTextAsync("Running");
        Assert.Equal("Running", StateOf(tcg));
        await page.GetByLabel("Filter resources").FillAsync("");

        // What it wrote on its way is on the console page.
        await browser.GoAsync("/consolelogs/resource/tcg", "Console logs");
        var loggers = system.Application.Services.GetRequiredService<ResourceLoggerService>();
        await DashboardBrowser.AgreeAsync(
            async () => await LinesAsync(loggers, tcg),
            async () => (await page.Locator(".console .message").AllTextContentsAsync()).Select(one => one.TrimEnd()).ToArray());
        var lines = await LinesAsync(loggers, tcg);
        Assert.NotEmpty(lines);
        var word = lines[^1].Split(' ').MaxBy(one => one.Length)!;
        await page.GetByLabel("Filter lines").FillAsync(word);
        await Expect(page.Locator(".console .line")).ToHaveCountAsync(lines.Count(line => line.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_search_is_one_trace_from_the_command_line_to_the_sandbox()
    {
        var page = browser.Page;
        var spans = await SolveAsync();
        var id = spans[0].TraceId;
        string[] services = ["coordinator", "policy", "sandbox"];
        Assert.Subset(spans.Select(one => one.Resource).ToHashSet(), services.ToHashSet());
        var root = spans.Single(one => IsTop(one, spans));
        var title = $"{root.Resource}: {root.Name}";

        await browser.GoAsync("/traces", "Traces");
        await page.GetByLabel("Filter by name or id").FillAsync(id);
        var listed = page.Locator(".trace-table tbody tr.clickable");
        await Expect(listed).ToHaveCountAsync(1);
        await DashboardBrowser.AgreeAsync(
            async () => (await SpansAsync(id)).CountBy(one => one.Resource).Select(one => $"{one.Key} {one.Value}").Order().ToArray(),
            async () => (await listed.Locator(".share").AllInnerTextsAsync()).Select(one => Spaces().Replace(one.Trim(), " ")).Order().ToArray());
        await listed.Locator("a").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(title);
        spans = await SpansAsync(id);
        await Expect(page.Locator(".trace-facts")).ToContainTextAsync($"{spans.Count.ToString("N0", CultureInfo.InvariantCulture)} spans");

        // Folded, only the root's own children are there.
        await page.GetByRole(AriaRole.Button, new() { Name = "Fold all", Exact = true }).ClickAsync();
        await Expect(page.Locator(".waterfall-row")).ToHaveCountAsync(1 + spans.Count(one => one.ParentId == root.SpanId));
        await page.GetByRole(AriaRole.Button, new() { Name = "Unfold all" }).ClickAsync();
        await Expect(page.Locator(".waterfall-row").Nth(2)).ToBeVisibleAsync();

        // A span of each service is the one that its id says.
        foreach (var span in services.Select(service => spans.First(one => one.Resource == service)))
        {
            await browser.GoAsync($"/traces/detail/{id}?spanId={span.SpanId}", title);
            await Expect(page.Locator(".details h2")).ToHaveTextAsync(span.Name);
            await Expect(Fact(page, "Span")).ToHaveTextAsync(span.SpanId);
            if (span.ParentId.Length > 0)
            {
                await Expect(Fact(page, "Parent")).ToHaveTextAsync(span.ParentId);
            }
        }

        // A call of the model.
        var call = spans.First(one => one["gen_ai.output.messages"] is not null);
        await browser.GoAsync($"/traces/detail/{id}?spanId={call.SpanId}", title);
        await Expect(page.Locator(".details h2")).ToHaveTextAsync(call.Name);
        await Expect(Told(page, "Tokens in")).ToHaveTextAsync(new Regex($"^{Grouped(call["gen_ai.usage.input_tokens"]!)}( |$)"));
        await Expect(Told(page, "Tokens out")).ToHaveTextAsync(Grouped(call["gen_ai.usage.output_tokens"]!));
        await Expect(Told(page, "Model")).ToHaveTextAsync(call["gen_ai.response.model"]!);

        // What it was told by whom: the prompt on the span is one text with the marks of the model's template.
        var messages = page.Locator(".genai-message:not(.output)");
        var prompt = TextOf(call["gen_ai.input.messages"]!);
        string[] roles = [.. Turns().Matches(prompt).Select(one => one.Groups["role"].Value)];
        Assert.Equal(["system", "user"], roles[..2]);
        await Expect(messages.Locator("header b")).ToHaveTextAsync(roles);
        foreach (var text in await messages.Locator("pre").AllTextContentsAsync())
        {
            Assert.Contains(text, prompt, StringComparison.Ordinal);
            Assert.DoesNotContain("<|im_", text, StringComparison.Ordinal);
        }

        Assert.Equal(TextOf(call["gen_ai.output.messages"]!), await page.Locator(".genai-message.output pre").First.TextContentAsync());
    }

    [Fact]
    public async Task Log_lines_metrics_and_what_is_searched_are_those_that_were_sent()
    {
        var page = browser.Page;
        await system.SolveOnceAsync(Token);
        await browser.GoAsync("/structuredlogs", "Structured logs");
        await LogsAgreeAsync("");
        await page.GetByLabel("Resource", new() { Exact = true }).SelectOptionAsync("coordinator");
        await LogsAgreeAsync("&resource=coordinator");
        await page.GetByLabel("Least level").SelectOptionAsync("Warning");
        await LogsAgreeAsync("&resource=coordinator&severity=Warning");

        // Every request waited in the queue once, and what was generated is on its span.
        await browser.GoAsync("/metrics?resource=policy&minutes=60&chart=O1Coder.Policy%7Co1coder.policy.queue_time&chart=O1Coder.Policy%7Co1coder.policy.generated_tokens", "Metrics");
        await Expect(page.Locator(".metric-card")).ToHaveCountAsync(2);
        foreach (var button in await page.Locator(".metric-card").GetByLabel("Table", new() { Exact = true }).AllAsync())
        {
            await button.ClickAsync();
        }

        await DashboardBrowser.AgreeAsync(async () => (await GenerationsAsync()).Count, () => TotalAsync(page, "o1coder.policy.queue_time"));
        await DashboardBrowser.AgreeAsync(
            async () => (await GenerationsAsync()).Sum(one => int.Parse(one["gen_ai.usage.output_tokens"]!, CultureInfo.InvariantCulture)),
            () => TotalAsync(page, "o1coder.policy.generated_tokens"));

        // A word of a log line is found as often as it was logged, and of a console line as often as it was written.
        var message = (await browser.TelemetryAsync($"logs?resource=coordinator&{Everything}"))[0].Message;
        await browser.GoAsync("/search", "Search");
        await page.GetByLabel("A word, an id, a part of an attribute").FillAsync(message);
        await Expect(page.Locator(".search-table mark").First).ToHaveTextAsync(message);
        await DashboardBrowser.AgreeAsync(
            async () => (await browser.TelemetryAsync($"logs?{Everything}")).Count(one => one.Message.Contains(message, StringComparison.OrdinalIgnoreCase)),
            () => browser.NumberAsync(".toolbar-end.count"));
        var loggers = system.Application.Services.GetRequiredService<ResourceLoggerService>();
        var line = (await LinesAsync(loggers, "coordinator")).MaxBy(one => one.Length)!;
        await page.GetByLabel("A word, an id, a part of an attribute").FillAsync(line.Trim());
        await Expect(page.Locator(".search-table tbody tr.clickable").Filter(new() { HasText = "Console" }).First.Locator("mark")).ToHaveTextAsync(line.Trim());

        Task LogsAgreeAsync(string filter) => DashboardBrowser.AgreeAsync(
            async () => (await browser.TelemetryAsync($"logs?{Everything}{filter}")).Count,
            () => browser.NumberAsync(".toolbar-end.count"));
    }

    /// <summary>With O1CODER_PICTURES=write they are taken anew, without they are only checked.</summary>
    [Fact]
    public async Task Pictures_of_it_are_in_the_documentation()
    {
        if (Environment.GetEnvironmentVariable("O1CODER_PICTURES") == "write")
        {
            await DashboardPictures.TakeAsync(browser, (await SolveAsync()).First(one => one["gen_ai.output.messages"] is not null));
        }

        await DashboardPictures.CheckAsync(Token);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colours();

    // Where a message begins with which something follows: the last may only say whose turn it is.
    [GeneratedRegex(@"<\|im_start\|>(?<role>\w+)\n(?=.*\S)", RegexOptions.Singleline)]
    private static partial Regex Turns();

    private static ILocator Row(IPage page, string instance) => page.Locator($"tr[data-resource='{instance}']");

    private static ILocator Fact(IPage page, string name) => page.Locator(".details .facts tr")
        .Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = name, Exact = true }) }).Locator(".text").First;

    private static ILocator Told(IPage page, string name) => page.Locator(".genai-facts div")
        .Filter(new() { Has = page.GetByText(name, new() { Exact = true }) }).Locator("dd");

    private static string Grouped(string number) => long.Parse(number, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);

    private static string TextOf(string messages)
    {
        using var document = JsonDocument.Parse(messages);
        return document.RootElement[0].GetProperty("parts")[0].GetProperty("content").GetString()!;
    }

    private static async Task<string[]> LinesAsync(ResourceLoggerService loggers, string instance)
    {
        var lines = new List<string>();
        await foreach (var some in loggers.GetAllAsync(instance))
        {
            lines.AddRange(some.Select(line => Colours().Replace(line.Content, "").TrimEnd()));
        }

        return [.. lines];
    }

    private static async Task<int> TotalAsync(IPage page, string instrument)
    {
        var rows = page.Locator($".metric-card[aria-label='{instrument}'] tbody tr");
        var total = 0.0;
        foreach (var value in await rows.Locator("td:nth-child(2)").AllInnerTextsAsync())
        {
            total += double.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return (int)total;
    }

    // The command line waits no longer than a second for its span to be taken: on a busy machine the trace may begin with the coordinator's.
    private static string Missing(IReadOnlyList<TelemetryRecord> spans, int rollouts)
    {
        var tops = spans.Where(one => IsTop(one, spans)).Select(one => $"{one.Resource}: {one.Name}").ToList();
        return tops.Count != 1 ? $"one top among {string.Join(", ", tops)}"
            : spans.Count(one => one.Name == "backup") != rollouts ? $"{rollouts} backups"
            : "";
    }

    private static bool IsTop(TelemetryRecord span, IReadOnlyList<TelemetryRecord> spans) => spans.All(one => one.SpanId != span.ParentId);

    // As the page says it: a code is shown of what ended by itself or was stopped.
    private string StateOf(string instance)
    {
        Assert.True(Notifications.TryGetCurrentState(instance, out var state), instance);
        var text = state.Snapshot.State?.Text ?? "";
        return text == KnownResourceStates.Exited && state.Snapshot.ExitCode is { } code ? $"{text} ({code})" : text;
    }

    // The spans of the first search, when all have come.
    private async Task<IReadOnlyList<TelemetryRecord>> SolveAsync()
    {
        var (_, result) = await system.SolveOnceAsync(Token);
        using var document = JsonDocument.Parse(result);
        var (problem, rollouts) = (document.RootElement.GetProperty("problem").GetString(), document.RootElement.GetProperty("rollouts").GetInt32());
        IReadOnlyList<TelemetryRecord> spans = [];
        await DashboardBrowser.AgreeAsync(() => Task.FromResult(""), async () =>
        {
            var search = (await browser.TelemetryAsync($"spans?resource=coordinator&{Everything}"))
                .FirstOrDefault(one => one.Name == "search" && one["o1coder.problem"] == problem);
            spans = search is null ? [] : await SpansAsync(search.TraceId);
            return Missing(spans, rollouts);
        });
        return spans;
    }

    private Task<IReadOnlyList<TelemetryRecord>> SpansAsync(string trace) => browser.TelemetryAsync($"traces/{trace}");

    private async Task<IReadOnlyList<TelemetryRecord>> GenerationsAsync() =>
        [.. (await browser.TelemetryAsync($"spans?resource=policy&{Everything}")).Where(one => one["gen_ai.usage.output_tokens"] is not null)];
}
