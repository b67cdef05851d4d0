using Microsoft.Playwright;
using O1Coder.Dashboard.Scenario;
using static Microsoft.Playwright.Assertions;

namespace O1Coder.Dashboard.BrowserTests;

[Collection(DashboardCollection.Name)]
public class ConsolePageTests(DashboardFixture dashboard) : IAsyncLifetime
{
    private const string Sandbox = "/consolelogs/resource/sandbox-b21c";

    public ValueTask InitializeAsync() => dashboard.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task One_resource_s_lines_come_as_they_were_written()
    {
        var page = await dashboard.OpenAsync("/consolelogs/resource/trainer");
        await Expect(page.Locator(".line")).ToHaveCountAsync(3);
        await Expect(page.Locator(".message")).ToHaveTextAsync(
        [
            "info: O1Coder.Trainer[0] job sft-0007: step 412, loss 0.913",
            "terminate called after throwing an instance of 'c10::Error'",
            "  what():  DefaultCPUAllocator: not enough memory: you tried to allocate 4294967296 bytes.",
        ]);
        await Expect(page.Locator(".line.error")).ToHaveCountAsync(2);
        await Expect(page.Locator(".line").First.Locator(".ansi-2")).ToHaveTextAsync("info");
        await Expect(page.Locator(".line .time").First).ToHaveTextAsync("10:15:40.100");
        await Expect(page.Locator(".source")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "UTC" }).ClickAsync();
        await Expect(page.Locator(".line .time").First).ToHaveTextAsync("09:15:40.100Z");
        await page.GetByRole(AriaRole.Button, new() { Name = "Time stamps", Exact = true }).ClickAsync();
        await Expect(page.Locator(".line .time")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Errors" }).ClickAsync();
        await Expect(page.Locator(".line")).ToHaveCountAsync(2);

        // The page leads to the resource's commands and details.
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions of trainer" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "View details" }).ClickAsync();
        await Expect(page.Locator(".details h2")).ToHaveTextAsync("trainer");
    }

    [Fact]
    public async Task New_lines_come_by_themselves_wait_while_paused_and_are_cleared()
    {
        var page = await dashboard.OpenAsync(Sandbox);
        var number = dashboard.AppHost.LinesOf("sandbox-b21c");
        await Expect(page.Locator(".line")).ToHaveCountAsync(number);
        dashboard.AppHost.Write("sandbox-b21c", "a line that has just come");
        await Expect(page.Locator(".message").Last).ToHaveTextAsync("a line that has just come");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        dashboard.AppHost.Write("sandbox-b21c", "a line in the pause");
        await Expect(page.GetByText("Resume (1 new)")).ToBeVisibleAsync();
        await Expect(page.Locator(".line")).ToHaveCountAsync(number + 1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.Locator(".message").Last).ToHaveTextAsync("a line in the pause");

        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(page.GetByText("No lines yet.")).ToBeVisibleAsync();
        dashboard.AppHost.Write("sandbox-b21c", "<b>after</b> the clearing");
        await Expect(page.Locator(".message")).ToHaveTextAsync(["<b>after</b> the clearing"]);
    }

    [Fact]
    public async Task Filtered_lines_are_marked_and_downloaded()
    {
        var page = await dashboard.OpenAsync("/consolelogs/resource/sandbox");
        await Expect(page.Locator(".source", new() { HasText = "sandbox-b21c" })).ToHaveCountAsync(31);
        await Expect(page.Locator(".source", new() { HasText = "sandbox-e80d" })).ToHaveCountAsync(31);
        await page.GetByLabel("Filter lines").FillAsync("Wrong answer");
        await Expect(page.Locator(".line")).ToHaveCountAsync(18);
        Assert.All(await page.Locator("mark").AllInnerTextsAsync(), one => Assert.Equal("wrong answer", one));

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Matches(@"^sandbox-.*\.log$", download.SuggestedFilename);
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(18, lines.Length);
        Assert.Equal("2026-11-30T09:14:15.600Z [sandbox-b21c] info: O1Coder.Sandbox[0] run 1: wrong answer on test 2", lines[0]);
    }

    [Fact]
    public async Task All_resources_together_are_in_the_order_of_time()
    {
        var page = await dashboard.OpenAsync("/consolelogs");
        await Expect(page.Locator(".source", new() { HasText = "trainer" })).ToHaveCountAsync(3);
        await Expect(page.Locator(".source", new() { HasText = "redis" })).ToHaveCountAsync(2);
        await Expect(page.Locator(".line").First).ToContainTextAsync("Redis version=7.0.15");
        await page.GetByLabel("Filter lines").FillAsync("rollout 1,");
        await Expect(page.Locator(".line")).ToHaveCountAsync(1);
        await page.GetByLabel("Filter lines").FillAsync("");
        await Expect(page.Locator(".source", new() { HasText = "trainer" })).ToHaveCountAsync(3);
        var times = await page.Locator(".line .time").AllInnerTextsAsync();
        var scenario = times.Where(one => one.StartsWith("10:1", StringComparison.Ordinal)).ToList();
        Assert.True(scenario.Count > 150, $"{scenario.Count} lines of the scenario");
        Assert.Equal(scenario.Order(StringComparer.Ordinal), scenario);

        await page.GetByLabel("Resource", new() { Exact = true }).SelectOptionAsync("policy-7f3a");
        await Expect(page).ToHaveURLAsync(new Uri(dashboard.Address, "/consolelogs/resource/policy-7f3a").ToString());
        await Expect(page.Locator(".message").First).ToContainTextAsync("loading models/");
        await Expect(page.Locator(".source")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Ten_thousand_lines_scroll_and_only_those_in_sight_are_laid_out()
    {
        const int Many = 10_000;
        dashboard.AppHost.Put(new() { Name = "chatty", InstanceName = "chatty", Type = "Executable", State = "Running" });
        for (var number = 1; number <= Many; number++)
        {
            dashboard.AppHost.Write("chatty", $"\u001b[32mline\u001b[0m {number} {new string('x', number % 90)}", at: SolveScenario.Start.AddMilliseconds(number));
        }

        var page = await dashboard.OpenAsync("/consolelogs/resource/chatty");
        await Expect(page.GetByText("10,000 lines")).ToBeVisibleAsync();
        await Expect(page.Locator(".line").Last).ToBeInViewportAsync();
        await Expect(page.Locator(".message").Last).ToContainTextAsync("line 10000");

        // The wheel takes it off the end; a new line does not pull the reader back.
        await page.Locator(".console").HoverAsync();
        await page.Mouse.WheelAsync(0, -40_000);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Newest" })).ToBeVisibleAsync();
        dashboard.AppHost.Write("chatty", "the newest line", at: SolveScenario.Start.AddMinutes(1));
        await Expect(page.GetByText("10,001 lines")).ToBeVisibleAsync();
        await Expect(page.Locator(".line").Last).Not.ToBeInViewportAsync();
        await page.Locator(".console").EvaluateAsync("one => one.scrollTop = 0");
        await Expect(page.Locator(".line").First).ToBeInViewportAsync();

        // Blocks out of sight are skipped by the browser.
        var drawn = await page.Locator(".block").EvaluateAllAsync<int>("all => all.filter(one => one.firstChild.checkVisibility({ contentVisibilityAuto: true })).length");
        Assert.InRange(drawn, 1, 5);

        await page.GetByRole(AriaRole.Button, new() { Name = "Newest" }).ClickAsync();
        await Expect(page.GetByText("the newest line")).ToBeInViewportAsync();
    }
}
