using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace O1Coder.EndToEnd.Tests;

/// <summary>The pictures of the running system in the documentation.</summary>
internal static class DashboardPictures
{
    private const int MostBytes = 250 * 1024;

    private const string Charts = "&chart=O1Coder.Policy%7Co1coder.policy.generated_tokens&chart=O1Coder.Policy%7Co1coder.policy.queue_time"
        + "&chart=O1Coder.Policy%7Co1coder.policy.running_sequences&chart=O1Coder.Policy%7Co1coder.policy.cache_hit_rate";

    private static readonly (string Name, string Path, string Shown, ColorScheme Theme, int Width, int Height)[] s_pictures =
    [
        ("resources-light", "/", ".resource-table tbody tr", ColorScheme.Light, 1280, 560),
        ("graph-light", "/?view=graph&resource=coordinator", ".details .environment", ColorScheme.Light, 1280, 640),
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

