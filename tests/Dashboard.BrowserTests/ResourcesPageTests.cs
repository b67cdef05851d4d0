using Microsoft.Playwright;
using O1Coder.Dashboard.Scenario;
using O1Coder.Hosting.ResourceService;
using static Microsoft.Playwright.Assertions;

namespace O1Coder.Dashboard.BrowserTests;

[Collection(DashboardCollection.Name)]
public class ResourcesPageTests(DashboardFixture dashboard) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => dashboard.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Nobody_sees_anything_before_the_login()
    {
        var page = await dashboard.OpenStrangerAsync();
        await page.GotoAsync(new Uri(dashboard.Address, "/?resource=redis").ToString());
        await Expect(page).ToHaveTitleAsync("Log in – O1Coder dashboard");
        await page.FillAsync("#token", "guess");
        await page.ClickAsync("button");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not the token");
        Assert.Empty(await page.Context.CookiesAsync());

        var token = System.Web.HttpUtility.ParseQueryString(dashboard.Login.Query)["t"]!;
        await page.FillAsync("#token", token);
        await page.ClickAsync("button");
        await Expect(page.Locator(".details h2")).ToHaveTextAsync("redis");
        var cookie = (await page.Context.CookiesAsync()).Single(one => one.Name.StartsWith(".O1Coder", StringComparison.Ordinal));
        Assert.True(cookie.HttpOnly);
    }

    [Fact]
    public async Task The_table_says_what_the_AppHost_says_and_follows_it()
    {
        var page = await dashboard.OpenAsync("/");
        await Expect(page.Locator(".resource-table tbody tr")).ToHaveCountAsync(11);
        Assert.Equal(
            ["coordinator", "policy", "prm", "redis", "sandbox", "sandbox-b21c", "sandbox-e80d", "selfplay", "studio", "tcg", "trainer"],
            (await page.Locator(".resource-table .cell-name").AllInnerTextsAsync()).Select(one => one.Trim()));
        await Expect(Row(page, "tcg-c0de").Locator(".cell-state")).ToHaveTextAsync("Running (unhealthy)");
        await Expect(Row(page, "trainer-5d1e").Locator(".cell-state")).ToHaveTextAsync("Exited (134)");
        await Expect(Row(page, "coordinator-a4f0").Locator(".cell-started")).ToHaveAttributeAsync("title", "2026-11-30 10:14:10.100");
        await Expect(Row(page, "coordinator-a4f0").GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", "http://127.0.0.1:7410");
        await Expect(Row(page, "studio-90be").GetByRole(AriaRole.Link)).ToHaveCountAsync(0);

        dashboard.AppHost.Change("selfplay", one => one.State = "Starting");
        await Expect(Row(page, "selfplay").Locator(".cell-state")).ToHaveTextAsync("Starting");
        dashboard.AppHost.Change("selfplay", one => one.State = "NotStarted");
        await Expect(Row(page, "selfplay").Locator(".cell-state")).ToHaveTextAsync("Not started");
    }

    [Fact]
    public async Task Filters_by_text_type_and_state()
    {
        var page = await dashboard.OpenAsync("/");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("sandbox");
        await Expect(Instances(page)).ToHaveCountAsync(2);
        await Expect(page.GetByText("2 of 10")).ToBeVisibleAsync();
        await page.GetByLabel("Filter resources").FillAsync("");

        await page.GetByRole(AriaRole.Button, new() { Name = "Filter by type" }).ClickAsync();
        await page.GetByLabel("Project", new() { Exact = true }).UncheckAsync();
        await Expect(Instances(page)).ToHaveCountAsync(2);
        await page.GetByLabel("NotStarted").UncheckAsync();
        await Expect(page.Locator(".resource-table .cell-name")).ToHaveTextAsync(["redis"]);
        await page.GetByLabel("Redis", new() { Exact = true }).UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show everything" }).ClickAsync();
        await Expect(Instances(page)).ToHaveCountAsync(10);

        await page.GetByRole(AriaRole.Button, new() { Name = "State", Exact = true }).ClickAsync();
        await Expect(page.Locator(".resource-table .cell-name").First).ToHaveTextAsync("trainer");
    }

    [Fact]
    public async Task Details_hold_everything_and_keep_secrets_until_they_are_asked_for()
    {
        var page = await dashboard.OpenAsync("/");
        await Row(page, "trainer-5d1e").Locator(".cell-type").ClickAsync();
        var details = page.Locator(".details");
        await Expect(details.GetByRole(AriaRole.Alert)).ToContainTextAsync("exit code 134");
        await Expect(details.Locator(".last-lines")).ToContainTextAsync("you tried to allocate 4294967296 bytes.");
        await page.Keyboard.PressAsync("Escape");
        await Expect(details).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "policy", Exact = true }).ClickAsync();
        await Expect(details.Locator("h2")).ToHaveTextAsync("policy");
        await Expect(details).ToContainTextAsync("services/Policy/Policy.csproj");
        await Expect(details).ToContainTextAsync("200 in 4 ms");
        await Expect(details.GetByRole(AriaRole.Row, new() { Name = "refers to, waits for redis" })).ToBeVisibleAsync();
        await Expect(details).ToContainTextAsync("ConnectionStrings__redis");
        Assert.DoesNotContain(SolveScenario.Secret, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("9b1f0c55", await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Show ConnectionStrings__redis" }).ClickAsync();
        await Expect(details).ToContainTextAsync($"127.0.0.1:6379,password={SolveScenario.Secret}");
        Assert.DoesNotContain("9b1f0c55", await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide ConnectionStrings__redis" }).ClickAsync();
        await Expect(details).Not.ToContainTextAsync(SolveScenario.Secret);

        await Expect(details).Not.ToContainTextAsync("PATH");
        await details.GetByLabel("Inherited too").CheckAsync();
        await Expect(details.GetByRole(AriaRole.Rowheader, new() { Name = "PATH" })).ToBeVisibleAsync();
        await details.GetByLabel("Filter environment variables").FillAsync("otel_service");
        await Expect(details.Locator(".environment tr")).ToHaveCountAsync(1);

        await details.GetByRole(AriaRole.Button, new() { Name = "coordinator" }).ClickAsync();
        await Expect(details.Locator("h2")).ToHaveTextAsync("coordinator");
    }

    [Fact]
    public async Task Replicas_and_children_are_under_what_they_belong_to_and_fold()
    {
        dashboard.AppHost.Change("selfplay", one => one.Relationships.Add(new Relationship { ResourceName = "trainer", Type = "Parent" }));
        dashboard.AppHost.Change("trainer-5d1e", one => one.Relationships.Add(new Relationship { ResourceName = "sandbox", Type = "Parent" }));
        var page = await dashboard.OpenAsync("/");
        var rows = page.Locator(".resource-table tbody tr");
        await Expect(rows.Locator(".cell-name")).ToHaveTextAsync(
            ["coordinator", "policy", "prm", "redis", "sandbox", "sandbox-b21c", "sandbox-e80d", "trainer", "selfplay", "studio", "tcg"]);
        Assert.Equal(
            ["0", "0", "0", "0", "0", "1", "1", "1", "2", "0", "0"],
            await rows.EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.depth)"));
        await Expect(page.Locator("[data-replicas='sandbox'] .cell-state")).ToHaveTextAsync("2 × Running");
        await page.GetByLabel("Fold 1 under trainer").ClickAsync();
        await Expect(Row(page, "selfplay")).ToHaveCountAsync(0);
        await page.GetByLabel("Fold 4 under sandbox").ClickAsync();
        await Expect(rows).ToHaveCountAsync(7);
        dashboard.AppHost.Change("sandbox-e80d", one => (one.State, one.ExitCode) = ("Exited", 3));
        await Expect(page.Locator("[data-replicas='sandbox'] .status")).ToHaveTextAsync(["1 × Exited (3)", "1 × Running"]);
        await page.GetByLabel("Fold 4 under sandbox").ClickAsync();
        await page.GetByLabel("Fold 1 under trainer").ClickAsync();
        await Expect(rows).ToHaveCountAsync(11);

        // What a filter leaves without its parent stands alone.
        await page.GetByLabel("Filter resources").FillAsync("selfplay");
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(Row(page, "selfplay")).ToHaveAttributeAsync("data-depth", "0");
    }

    [Fact]
    public async Task Parameters_are_masked_when_they_are_secret()
    {
        var page = await dashboard.OpenAsync("/");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Parameters" }).ClickAsync();
        await Expect(page.Locator(".parameter-table tbody tr")).ToHaveCountAsync(2);
        await Expect(Row(page, "model")).ToContainTextAsync("qwen2.5-coder-0.5b-instruct");
        Assert.DoesNotContain(SolveScenario.Secret, await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show redis-password" }).ClickAsync();
        await Expect(Row(page, "redis-password")).ToContainTextAsync(SolveScenario.Secret);
    }

    [Fact]
    public async Task Commands_run_ask_first_and_say_what_came_of_it()
    {
        var page = await dashboard.OpenAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop prm" }).ClickAsync();
        await Expect(page.GetByText("prm: stop done.")).ToBeVisibleAsync();
        await Expect(Row(page, "prm-19aa").Locator(".cell-state")).ToHaveTextAsync("Exited (0)");
        Assert.Equal([("prm-19aa", "stop")], dashboard.AppHost.Executed);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start prm" }).ClickAsync();
        await Expect(Row(page, "prm-19aa").Locator(".cell-state")).ToHaveTextAsync("Running");

        dashboard.AppHost.Executed.Clear();
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions of redis" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Clear the cache" }).ClickAsync();
        await Expect(page.GetByText("Remove every key from redis?")).ToBeVisibleAsync();
        await Answer(page, "No").ClickAsync();
        await Expect(page.GetByText("Remove every key from redis?")).ToBeHiddenAsync();
        Assert.Empty(dashboard.AppHost.Executed);

        await page.GetByRole(AriaRole.Button, new() { Name = "Actions of redis" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Clear the cache" }).ClickAsync();
        await Answer(page, "Yes").ClickAsync();
        await Expect(page.GetByText("Clear the cache: redis failed")).ToBeVisibleAsync();
        await Expect(page.GetByText("NOPERM this user has no permissions to run the 'flushall' command")).ToBeVisibleAsync();
        Assert.Equal([("redis-31e7", "flush")], dashboard.AppHost.Executed);
    }

    [Fact]
    public async Task The_graph_shows_who_needs_whom_and_zooms()
    {
        var page = await dashboard.OpenAsync("/");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Graph" }).ClickAsync();
        await Expect(page.Locator(".graph .node")).ToHaveCountAsync(9);
        await Expect(page.Locator("[data-node='sandbox']")).ToContainTextAsync("sandbox × 2");
        await Expect(page.Locator("[data-edge='studio→trainer'] .waits.now")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-edge='coordinator→redis'] path")).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-edge='prm→redis']")).ToHaveCountAsync(0);

        var before = await WidthAsync(page, "redis");
        await page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        var closer = await WidthAsync(page, "redis");
        Assert.InRange(closer / before, 1.2, 1.3);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        Assert.InRange(await WidthAsync(page, "redis") / before, 0.99, 1.01);

        await page.Locator("[data-node='tcg']").ClickAsync();
        await Expect(page.Locator(".details h2")).ToHaveTextAsync("tcg");
        await Expect(page.Locator("[data-edge='tcg→sandbox']")).ToHaveClassAsync("edge-group marked");
    }

    [Fact]
    public async Task A_lost_AppHost_is_said_and_found_again()
    {
        var page = await dashboard.OpenAsync("/");
        await dashboard.StopAppHostAsync();
        await Expect(page.Locator(".banner")).ToContainTextAsync("the dashboard tries to connect again");
        await Expect(Instances(page)).ToHaveCountAsync(10);
        await dashboard.StartAppHostAsync();
        await Expect(page.Locator(".banner")).ToHaveCountAsync(0);
        await Expect(Instances(page)).ToHaveCountAsync(10);
    }

    // Fluent's buttons are elements of their own.
    private static ILocator Answer(IPage page, string text) => page.Locator("fluent-button").GetByText(text, new() { Exact = true });

    private static ILocator Instances(IPage page) => page.Locator(".resource-table tr[data-resource]");

    private static ILocator Row(IPage page, string instance) => page.Locator($"tr[data-resource='{instance}']");

    private static async Task<float> WidthAsync(IPage page, string node) => (await page.Locator($"[data-node='{node}'] .node-box").BoundingBoxAsync())!.Width;
}
