using Microsoft.Playwright;

namespace O1Coder.Dashboard.BrowserTests;

/// <summary>The browser of the system: Playwright's own are not fetched.</summary>
internal static class Chromium
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string[] s_arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>The program; null where none is installed.</summary>
    public static string? Program { get; } = s_places.FirstOrDefault(File.Exists);

    /// <summary>Why the tests cannot run without one.</summary>
    public const string Missing = "no Chromium is installed (apt-get install chromium)";

    /// <summary>Starts it, without a window.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Program,
        Args = s_arguments,
        Timeout = 60_000,
    });
}
