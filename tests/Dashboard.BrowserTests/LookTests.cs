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

    public ValueTask InitializeAsync() => dashboard.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_can_be_read_and_everything_has_a_name(ColorScheme theme)
    {
        var page = await dashboard.OpenAsync("/?resource=trainer-5d1e", theme);
        foreach (var path in new[] { "/?resource=trainer-5d1e", "/?resource=policy-7f3a", "/?view=parameters", "/?view=graph&resource=tcg", "/consolelogs" })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            await Expect(page.Locator("h1")).ToBeVisibleAsync();
            await Expect(page.Locator(".details h2, .parameter-table, .console .line").First).ToBeVisibleAsync();
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

        // In a field, letters are letters.
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("policy?");
        await Expect(page.GetByLabel("Filter resources")).ToHaveValueAsync("policy?");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Resources");
        foreach (var (key, path) in new[] { ("s", "structuredlogs"), ("t", "traces"), ("m", "metrics") })
        {
            await page.GotoAsync(dashboard.Address.ToString());
            await Expect(page.Locator("h1")).ToBeVisibleAsync();
            await page.Keyboard.PressAsync(key);
            await page.WaitForURLAsync($"**/{path}**");
            await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?view=parameters")]
    [InlineData("/?view=graph")]
    [InlineData("/?resource=trainer-5d1e")]
    [InlineData("/consolelogs")]
    public async Task A_phone_shows_everything_without_scrolling_sideways(string path)
    {
        var page = await dashboard.OpenAsync(path, width: 390, height: 780);
        await Expect(page.Locator(".cards tr, .graph .node, .console .line").First).ToBeAttachedAsync();
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll(".shell *")]
              .filter(one => one.checkVisibility() && !one.closest("svg.graph, .skip-link, .visually-hidden, .console"))
              .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
              .map(one => `${one.tagName} ${one.className}`)
            """));
        if (!path.Contains("resource=", StringComparison.Ordinal))
        {
            var bar = await page.Locator(".side-nav").BoundingBoxAsync();
            Assert.True(bar!.Y > 680, $"the navigation is at {bar.Y}");
        }
    }

    [Fact]
    public async Task Nothing_is_fetched_from_elsewhere()
    {
        var page = await dashboard.OpenAsync("/?view=graph");
        await page.GotoAsync(new Uri(dashboard.Address, "/consolelogs").ToString());
        await Expect(page.Locator(".console .line").First).ToBeVisibleAsync();
        Assert.Empty(dashboard.Elsewhere);
    }
}
