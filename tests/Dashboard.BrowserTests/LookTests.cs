using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace O1Coder.Dashboard.BrowserTests;

[Collection(DashboardCollection.Name)]
public class LookTests(DashboardFixture dashboard) : IAsyncLifetime
{
    // WCAG 2.1, 1.4.3: 4.5 for text; the ground is the nearest one behind it that covers.
    private const string LowContrast = """
        () => {
          const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
          const rgba = color => {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
            return [r, g, b, a / 255];
          };
          const over = (front, back) => [0, 1, 2].map(at => front[at] * front[3] + back[at] * (1 - front[3])).concat(1);
          const light = color => color.slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
          const ground = element => {
            const layers = [];
            for (let one = element; one; one = one.parentElement) {
              layers.push(rgba(getComputedStyle(one).backgroundColor));
            }
            return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255, 1]);
          };
          const found = [];
          let checked = 0;
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const text = walker.currentNode.textContent.trim();
            const element = walker.currentNode.parentElement;
            if (text === "" || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || element.closest("script, style, [disabled]")) {
              continue;
            }
            const style = getComputedStyle(element);
            const back = ground(element);
            const front = over(rgba(element.namespaceURI.endsWith("svg") ? style.fill : style.color), back);
            const [one, other] = [light(front), light(back)].sort((a, b) => b - a);
            const ratio = (one + 0.05) / (other + 0.05);
            checked++;
            if (ratio < 4.5) {
              found.push(`${ratio.toFixed(2)} "${text.slice(0, 30)}" (${element.className.baseVal ?? element.className})`);
            }
          }
          return [String(checked), ...new Set(found)];
        }
        """;

    // What a screen reader would find without a name, and ids that stand twice.
    private const string Nameless = """
        () => [...document.querySelectorAll("button, a[href], input, select, [role='tab'], [role='radio'], [role='button']")]
          .filter(one => one.checkVisibility())
          .filter(one => !(one.getAttribute("aria-label") ?? "") && !one.textContent.trim() && !(one.labels?.length > 0))
          .map(one => one.outerHTML.slice(0, 120))
          .concat([...document.querySelectorAll("[id]")].map(one => one.id).filter((id, at, all) => all.indexOf(id) !== at))
        """;

    // Addresses, and what is there only when they have come.
    private static readonly (string Path, string Shown)[] s_views =
    [
        ("/?resource=policy-7f3a", ".details .environment"), ("/?resource=trainer-5d1e", ".details .crash"), ("/", ".split:not(:has(.details)) .resource-table tbody tr"),
        ("/?view=parameters", ".parameter-table"), ("/?view=graph&resource=tcg", ".graph .node.selected"), ("/consolelogs", ".console .line"),
    ];

    public ValueTask InitializeAsync() => dashboard.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_can_be_read_and_everything_has_a_name(ColorScheme theme)
    {
        var page = await dashboard.OpenAsync("/", theme);
        foreach (var (path, shown) in s_views)
        {
            await GoAsync(page, path, shown);
            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", theme.ToString().ToLowerInvariant());
            var contrast = await page.EvaluateAsync<string[]>(LowContrast);
            Assert.True(int.Parse(contrast[0]) > 20, $"{path}: {contrast[0]} texts");
            Assert.Empty(contrast[1..].Select(one => $"{path}: {one}"));
            Assert.Empty(await page.EvaluateAsync<string[]>(Nameless));
        }
    }

    [Fact]
    public async Task The_theme_is_chosen_and_kept()
    {
        var page = await dashboard.OpenAsync("/");
        var before = await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Dark theme" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.NotEqual(before, await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Dark theme" })).ToBeCheckedAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.GetByRole(AriaRole.Radio, new() { Name = "The system's theme" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
    }

    [Fact]
    public async Task The_keyboard_leads_everywhere()
    {
        var page = await dashboard.OpenAsync("/");

        // Pages that are left before they have come to anything.
        foreach (var key in "crcrcr")
        {
            await page.Keyboard.PressAsync(key.ToString());
        }

        await Expect(page.Locator(".resource-table")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("c");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Console logs");
        await page.Keyboard.PressAsync("r");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Resources");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Keyboard shortcuts");
        await page.Keyboard.PressAsync("c");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Resources");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        // The details: below and at the side, larger and smaller, as at first, closed.
        await GoAsync(page, "/?resource=policy-7f3a", ".details .environment");
        var details = page.Locator(".details");
        var side = (await details.BoundingBoxAsync())!;
        await page.Keyboard.PressAsync("Shift+T");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-panel", "below");
        var below = (await details.BoundingBoxAsync())!;
        Assert.True(below.Y > side.Y && below.Width > side.Width, $"from {side.X}, {side.Y} to {below.X}, {below.Y}");
        await page.Keyboard.PressAsync("Shift+T");
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("+");
        Assert.True((await details.BoundingBoxAsync())!.Width > side.Width + 20);
        await page.Keyboard.PressAsync("-");
        await page.Keyboard.PressAsync("Shift+R");
        Assert.InRange((await details.BoundingBoxAsync())!.Width, side.Width - 1, side.Width + 1);
        await page.Keyboard.PressAsync("Shift+X");
        await Expect(details).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Shift+S");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "The system's theme" })).ToBeFocusedAsync();

        // In a field, letters are letters.
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("policy?");
        await Expect(page.GetByLabel("Filter resources")).ToHaveValueAsync("policy?");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Resources");
        await page.ReloadAsync();
        foreach (var (key, path) in new[] { ("s", "structuredlogs"), ("t", "traces"), ("m", "metrics") })
        {
            await GoAsync(page, "/", ".resource-table");
            await page.Keyboard.PressAsync(key);
            await page.WaitForURLAsync($"**/{path}**");
            await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        }
    }

    [Fact]
    public async Task A_phone_shows_everything_without_scrolling_sideways()
    {
        var page = await dashboard.OpenAsync("/", width: 390, height: 780);
        var bar = await page.Locator(".side-nav").BoundingBoxAsync();
        Assert.True(bar!.Y > 680, $"the navigation is at {bar.Y}");
        foreach (var (path, shown) in s_views)
        {
            await GoAsync(page, path, shown);
            Assert.Empty(await page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll(".shell *")]
                  .filter(one => one.checkVisibility() && !one.closest("svg.graph, .skip-link, .visually-hidden, .console"))
                  .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
                  .map(one => `${one.tagName} ${one.className}`)
                """));
        }
    }

    [Fact]
    public async Task Nothing_is_fetched_from_elsewhere()
    {
        var page = await dashboard.OpenAsync("/?view=graph");
        await GoAsync(page, "/consolelogs", ".console .line");
        Assert.Empty(dashboard.Elsewhere);
    }

    // Within the page, as a link does: Blazor's connection stays.
    private static async Task GoAsync(IPage page, string path, string shown)
    {
        await page.EvaluateAsync("path => Blazor.navigateTo(path)", path);
        await Expect(page.Locator(shown).First).ToBeVisibleAsync();
    }
}
