using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace O1Coder.EndToEnd.Tests;

/// <summary>The pictures of the running system in the documentation.</summary>
internal static class DashboardPictures
{
    private const int MostBytes = 250 * 1024;

    private const string Charts = "&chart=O1Coder.Policy%7Co1coder.policy.generated_tokens&chart=O1Coder.Policy%7Co1coder.policy.queue_time"
        + "&chart=O1Coder.Policy%7Co1coder.policy.running_sequences&chart=O1Coder.Policy%7Co1coder.policy.cache_hit_rate";

    // Where the one who takes them has the sources, and her home, are nobody's business.
    private const string HidePaths = """
        paths => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            for (const [path, shown] of paths) {
              if (walker.currentNode.textContent.includes(path)) {
                walker.currentNode.textContent = walker.currentNode.textContent.replaceAll(path, shown);
              }
            }
          }
        }
        """;

    private static readonly (string Name, string Path, string Shown, ColorScheme Theme, int Width, int Height)[] s_pictures =
    [
        ("resources-light", "/", ".resource-table tbody tr", ColorScheme.Light, 1280, 560),
        ("graph-light", "/?view=graph", ".graph .node", ColorScheme.Light, 1280, 640),
        ("console-dark", "/consolelogs", ".console .line", ColorScheme.Dark, 1280, 560),
        ("phone-light", "/", ".resource-table tbody tr", ColorScheme.Light, 390, 780),
        ("logs", "/structuredlogs", ".log-table tbody tr.clickable", ColorScheme.Light, 1280, 560),
        ("traces", "/traces", ".trace-table tbody tr.clickable", ColorScheme.Dark, 1280, 480),
        ("trace", "/traces/detail/TRACE", ".waterfall-row", ColorScheme.Light, 1280, 640),
        ("genai", "/traces/detail/TRACE?spanId=SPAN", ".genai-message.output", ColorScheme.Dark, 1400, 900),
        ("metrics", "/metrics?resource=policy&minutes=5" + Charts, ".metric-card:nth-child(4) svg path", ColorScheme.Light, 1280, 760),
        ("search", "/search?text=exact", ".search-table mark", ColorScheme.Light, 1280, 480),
        ("genai-phone", "/traces/detail/TRACE?spanId=SPAN", ".genai-message.output", ColorScheme.Dark, 390, 780),
    ];

    private static string Folder => Path.Combine(Repository.Root, "docs", "pictures");

    /// <summary>Takes them anew. The page looks as before afterwards.</summary>
    /// <param name="browser">Where.</param>
    /// <param name="call">A call of the model.</param>
    public static async Task TakeAsync(DashboardBrowser browser, TelemetryRecord call)
    {
        var page = browser.Page;
        var size = page.ViewportSize!;
        foreach (var (name, path, shown, theme, width, height) in s_pictures)
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = theme });
            var address = path.Replace("TRACE", call.TraceId, StringComparison.Ordinal).Replace("SPAN", call.SpanId, StringComparison.Ordinal);
            await page.GotoAsync(new Uri(new Uri(page.Url), address).ToString());
            await Expect(page.Locator(shown).First).ToBeVisibleAsync();
            await page.EvaluateAsync("() => document.fonts.ready");
            await page.EvaluateAsync(HidePaths, new[] { new[] { Repository.Root, "/src/o1coder" }, [Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/", "~/"] });
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = FileOf(name), Animations = ScreenshotAnimations.Disabled });
        }

        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    /// <summary>Looks that each is there, of a size that a page of documentation bears, and is shown in one.</summary>
    public static async Task CheckAsync(CancellationToken cancellationToken)
    {
        var pages = await Task.WhenAll(new[] { "dashboard.md", "dashboard-telemetry.md" }
            .Select(one => File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", one), cancellationToken)));
        foreach (var (name, _, _, _, _, _) in s_pictures)
        {
            Assert.InRange(new FileInfo(FileOf(name)).Length, 1, MostBytes);
            Assert.Contains(pages, page => page.Contains($"pictures/dashboard-{name}.png", StringComparison.Ordinal));
        }
    }

    private static string FileOf(string name) => Path.Combine(Folder, $"dashboard-{name}.png");
}
