namespace O1Coder.Hosting.Dashboard.Components.Shared;

/// <summary>The dashboard's icons: SVG shapes on a grid of 20 by 20, drawn in lines.</summary>
internal static class IconShapes
{
    private static readonly Dictionary<string, string> s_shapes = new()
    {
        ["resources"] = """<rect x="3" y="3" width="6" height="6" rx="1"/><rect x="11" y="3" width="6" height="6" rx="1"/><rect x="3" y="11" width="6" height="6" rx="1"/><rect x="11" y="11" width="6" height="6" rx="1"/>""",
        ["console"] = """<rect x="2.5" y="3.5" width="15" height="13" rx="1.5"/><path d="M6 8l2.5 2.2L6 12.5M10.5 13h3.5"/>""",
        ["structured"] = """<path d="M4 5h.01M4 10h.01M4 15h.01M7.5 5H16M7.5 10H16M7.5 15h6"/>""",
        ["traces"] = """<path d="M3 5h8M6 10h9M10 15h7"/><path d="M3 3v4M6 8v4M10 13v4"/>""",
        ["metrics"] = """<path d="M3 3v14h14"/><path d="M6 12.5l3-4 3 2.5 4.5-6"/>""",
        ["search"] = """<circle cx="8.5" cy="8.5" r="5"/><path d="M12.3 12.3L17 17"/>""",
        ["filter"] = """<path d="M3 4.5h14l-5.5 6v5l-3-1.6v-3.4z"/>""",
        ["sun"] = """<circle cx="10" cy="10" r="3.2"/><path d="M10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M15.3 4.7l-1.1 1.1M5.8 14.2l-1.1 1.1"/>""",
        ["moon"] = """<path d="M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z"/>""",
        ["system"] = """<rect x="2.5" y="4" width="15" height="9.5" rx="1.2"/><path d="M7 16.5h6M10 13.5v3"/>""",
        ["help"] = """<circle cx="10" cy="10" r="7"/><path d="M8 8a2 2 0 1 1 2.7 1.9c-.5.2-.7.6-.7 1.1v.3M10 13.7h.01"/>""",
        ["info"] = """<circle cx="10" cy="10" r="7"/><path d="M10 9.3v4M10 6.5h.01"/>""",
        ["check"] = """<path d="M4.5 10.5l3.5 3.5 7.5-8"/>""",
        ["check-circle"] = """<circle cx="10" cy="10" r="7"/><path d="M7 10.3l2.2 2.2L13.2 8"/>""",
        ["error"] = """<circle cx="10" cy="10" r="7"/><path d="M7.5 7.5l5 5M12.5 7.5l-5 5"/>""",
        ["warning"] = """<path d="M10 3.2L17.5 16.5h-15z"/><path d="M10 8.3v3.7M10 14.3h.01"/>""",
        ["clock"] = """<circle cx="10" cy="10" r="7"/><path d="M10 6v4.3l2.8 1.7"/>""",
        ["progress"] = """<path d="M10 3a7 7 0 1 1-6.7 5"/>""",
        ["stopped"] = """<circle cx="10" cy="10" r="7"/><rect x="7.5" y="7.5" width="5" height="5" rx=".5"/>""",
        ["circle"] = """<circle cx="10" cy="10" r="7"/>""",
        ["dot"] = """<circle cx="10" cy="10" r="2.5" fill="currentColor" stroke="none"/>""",
        ["play"] = """<path d="M6 4l10 6-10 6z"/>""",
        ["stop"] = """<rect x="5" y="5" width="10" height="10" rx="1"/>""",
        ["restart"] = """<path d="M15.5 6.5A6.5 6.5 0 1 0 16.5 10M16 3v3.8h-3.8"/>""",
        ["pause"] = """<path d="M7 4.5v11M13 4.5v11"/>""",
        ["more"] = """<path d="M4.5 10h.01M10 10h.01M15.5 10h.01" stroke-width="2.5"/>""",
        ["close"] = """<path d="M5 5l10 10M15 5L5 15"/>""",
        ["eye"] = """<path d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5z"/><circle cx="10" cy="10" r="2.3"/>""",
        ["eye-off"] = """<path d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM4 16.5L16 3.5"/>""",
        ["copy"] = """<rect x="7" y="7" width="9.5" height="9.5" rx="1.2"/><path d="M13 4.5v-.3A1.2 1.2 0 0 0 11.8 3H4.7a1.2 1.2 0 0 0-1.2 1.2v7.1a1.2 1.2 0 0 0 1.2 1.2H5"/>""",
        ["download"] = """<path d="M10 3v9M6.5 9l3.5 3.5L13.5 9M4 16.5h12"/>""",
        ["clear"] = """<path d="M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 9v4.5M11.5 9v4.5"/>""",
        ["wrap"] = """<path d="M3 5h14M3 10h11a2.5 2.5 0 0 1 0 5h-4M11.5 13L9.5 15l2 2M3 15h3"/>""",
        ["graph"] = """<circle cx="5" cy="5" r="2"/><circle cx="15" cy="10" r="2"/><circle cx="5" cy="15" r="2"/><path d="M6.9 5.9l6.3 3.2M6.9 14.1l6.3-3.2"/>""",
        ["table"] = """<rect x="3" y="4" width="14" height="12" rx="1.2"/><path d="M3 8h14M8 8v8"/>""",
        ["key"] = """<circle cx="6.5" cy="13.5" r="3.2"/><path d="M8.8 11.2L16 4M13.5 6.5l2 2M11.3 8.7l1.5 1.5"/>""",
        ["link"] = """<path d="M8 12l4-4M9 5.5l1.5-1.5a3.5 3.5 0 0 1 5 5L14 10.5M11 14.5L9.5 16a3.5 3.5 0 0 1-5-5L6 9.5"/>""",
        ["external"] = """<path d="M11 4h5v5M16 4l-7 7M14 11.5v3.3a1.2 1.2 0 0 1-1.2 1.2H5.2A1.2 1.2 0 0 1 4 14.8V7.2A1.2 1.2 0 0 1 5.2 6h3.3"/>""",
        ["chevron-right"] = """<path d="M7.5 4.5L13 10l-5.5 5.5"/>""",
        ["chevron-down"] = """<path d="M4.5 7.5L10 13l5.5-5.5"/>""",
        ["arrow-down"] = """<path d="M10 4v11M5.5 10.5L10 15l4.5-4.5"/>""",
        ["plus"] = """<path d="M10 4v12M4 10h12"/>""",
        ["minus"] = """<path d="M4 10h12"/>""",
        ["fit"] = """<path d="M3.5 7V3.5H7M13 3.5h3.5V7M16.5 13v3.5H13M7 16.5H3.5V13"/>""",
        ["disconnected"] = """<path d="M7 3v3.5M13 3v3.5M5 6.5h10V10a5 5 0 0 1-10 0zM10 15v2.5M3 17L17 3"/>""",
        ["project"] = """<path d="M7.5 5L3 10l4.5 5M12.5 5L17 10l-4.5 5"/>""",
        ["executable"] = """<rect x="2.5" y="3.5" width="15" height="13" rx="1.5"/><path d="M2.5 7h15M5 5.3h.01M7 5.3h.01"/>""",
        ["database"] = """<ellipse cx="10" cy="5" rx="6" ry="2.2"/><path d="M4 5v10c0 1.2 2.7 2.2 6 2.2s6-1 6-2.2V5M4 10c0 1.2 2.7 2.2 6 2.2s6-1 6-2.2"/>""",
        ["tool"] = """<path d="M12.5 3.5a4 4 0 0 0-3.7 5.5L3.5 14.3l2.2 2.2 5.3-5.3a4 4 0 0 0 5.3-4.7L13.8 9 11 6.2z"/>""",
        ["sign-out"] = """<path d="M8 3.5H4.7A1.2 1.2 0 0 0 3.5 4.7v10.6a1.2 1.2 0 0 0 1.2 1.2H8M12.5 6.5L16 10l-3.5 3.5M16 10H8"/>""",
        ["sparkle"] = """<path d="M10 3l1.7 5.3L17 10l-5.3 1.7L10 17l-1.7-5.3L3 10l5.3-1.7z"/>""",
    };

    // An application's model names Fluent's icons; these have one of ours that means the same.
    private static readonly Dictionary<string, string> s_fluentNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ArrowClockwise"] = "restart",
        ["ArrowCounterclockwise"] = "restart",
        ["ArrowSync"] = "restart",
        ["ArrowReset"] = "restart",
        ["ArrowDownload"] = "download",
        ["Code"] = "project",
        ["CodeCsRectangle"] = "project",
        ["Delete"] = "clear",
        ["Broom"] = "clear",
        ["Open"] = "external",
        ["Globe"] = "external",
        ["Timer"] = "clock",
        ["Wrench"] = "tool",
        ["Toolbox"] = "tool",
        ["WindowConsole"] = "console",
        ["DesktopPulse"] = "metrics",
        ["ChartMultiple"] = "metrics",
        ["SlideTextSparkle"] = "structured",
        ["GanttChart"] = "traces",
    };

    /// <summary>The shapes of an icon.</summary>
    public static string Get(string name) => s_shapes.TryGetValue(name, out var shapes) ? shapes : s_shapes["dot"];

    /// <summary>Our icon for a name of Fluent's or of ours; null where there is none.</summary>
    public static string? Find(string name) =>
        s_fluentNames.TryGetValue(name, out var known) ? known : Has(name.ToLowerInvariant()) ? name.ToLowerInvariant() : null;

    /// <summary>Whether there is an icon of that name.</summary>
    public static bool Has(string name) => s_shapes.ContainsKey(name);
}
