using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace O1Coder.Dashboard.BrowserTests;

/// <summary>The pictures of docs/dashboard.md that show what the running system does not, a crash and replicas: with O1CODER_PICTURES=write they are taken anew, without they are only checked.</summary>
[Collection(DashboardCollection.Name)]
public class PictureTests(DashboardFixture dashboard) : IAsyncLifetime
{
    private const int MostBytes = 200 * 1024;

    private static readonly string s_folder = Path.Combine(Repository.Root, "docs", "pictures");

    public ValueTask InitializeAsync() => dashboard.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("dashboard-resources-dark", "/?resource=trainer-5d1e", ColorScheme.Dark, 1280, 640)]
    [InlineData("dashboard-console-light", "/consolelogs/resource/sandbox", ColorScheme.Light, 1200, 480)]
    public async Task A_picture_is_there(string name, string path, ColorScheme theme, int width, int height)
    {
        var file = Path.Combine(s_folder, $"{name}.png");
        if (Environment.GetEnvironmentVariable("O1CODER_PICTURES") == "write")
        {
            var page = await dashboard.OpenAsync(path, theme, width, height);
            await Expect(page.Locator(".resource-table, .console .line").First).ToBeVisibleAsync();
            await page.EvaluateAsync("() => document.fonts.ready");
            Directory.CreateDirectory(s_folder);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = file, Animations = ScreenshotAnimations.Disabled });
        }

        Assert.InRange(new FileInfo(file).Length, 1, MostBytes);
        Assert.Contains($"pictures/{name}.png", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "dashboard.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
