using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;
using O1Coder.Hosting.Dashboard.Components.Shared;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Pages;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Benchmarks.Dashboard;

/// <summary>
/// What a page takes on the server: the page's own component is opened at an address, asks the store and is rendered to HTML.
/// Not in it: the browser, the network, and the few dozen rows of a list that are rendered when the browser says how many fit.
/// </summary>
internal static class PageTimes
{
    /// <summary>Opens each page so many times and prints the first, the median and the worst.</summary>
    public static async Task TellAsync(TelemetryStore store, int rounds)
    {
        var longest = store.Traces().MaxBy(trace => trace.Count)!;
        var exact = longest.Spans[^1].SpanId;
        const string Charts = "chart=O1Coder.Sandbox|o1coder.sandbox.run.duration&chart=O1Coder.Policy|o1coder.policy.generated_tokens"
            + "&chart=Microsoft.AspNetCore.Hosting|http.server.request.duration&chart=System.Runtime|dotnet.gc.last_collection.heap.size"
            + "&chart=O1Coder.Sandbox|o1coder.sandbox.runs&chart=O1Coder.Coordinator|o1coder.redis.latency";
        (string What, string Address, Type Page)[] pages =
        [
            ("Structured logs, all", "structuredlogs", typeof(StructuredLogsPage)),
            ("Structured logs, level, text and two filters", "structuredlogs?level=Warning&text=time_limit&filter=Test%20%3E%3D%201&filter=Verdict%20contains%20limit", typeof(StructuredLogsPage)),
            ("Traces, all", "traces", typeof(TracesPage)),
            ("Traces, longest first, with errors", "traces?errors=true&order=Longest", typeof(TracesPage)),
            ("Traces, a filter that no span answers", "traces?filter=no.such.attribute%20%3D%3D%201", typeof(TracesPage)),
            ("Traces, a filter that many spans answer", "traces?filter=o1coder.verdict%20%3D%3D%20time_limit", typeof(TracesPage)),
            ($"A trace of {longest.Count:N0} spans, details of one", $"traces/detail/{longest.Id}?spanId={exact}", typeof(TracePage)),
            ("Metrics, 6 charts, last 5 minutes", $"metrics?{Charts}", typeof(MetricsPage)),
            ("Metrics, 6 charts, last 12 hours", $"metrics?minutes=720&{Charts}", typeof(MetricsPage)),
            ("Search, a word that is nowhere", "search?text=haystack", typeof(SearchPage)),
            ("Search, a word in many places", "search?text=IndexError", typeof(SearchPage)),
        ];
        Console.WriteLine($"Time of each page on the server (query and HTML), {rounds + 1} times each:");
        Console.WriteLine("| page | first opening, ms | median of the others, ms | worst of the others, ms |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (what, address, page) in pages)
        {
            var times = new List<double>();
            var first = 0.0;
            for (var round = 0; round <= rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                await RenderAsync(store, address, page, longest.Id);
                if (round == 0)
                {
                    first = watch.Elapsed.TotalMilliseconds;
                }
                else
                {
                    times.Add(watch.Elapsed.TotalMilliseconds);
                }
            }

            times.Sort();
            Console.WriteLine($"| {what} | {first:0.0} | {times[times.Count / 2]:0.0} | {times[^1]:0.0} |");
        }
    }

    private static async Task RenderAsync(TelemetryStore store, string address, Type page, TraceId trace)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(store);
        services.AddScoped<NavigationManager>(_ => new Address(address));
        services.AddScoped<IJSRuntime, NoBrowser>();
        services.AddScoped<BrowserTime>();
        services.AddSupplyValueFromQueryProvider();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<ILoggerFactory>());
        var parameters = page == typeof(TracePage)
            ? ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(TracePage.TraceIdText)] = trace.ToString() })
            : ParameterView.Empty;
        await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync(page, parameters)).ToHtmlString());
    }

    private sealed class Address : NavigationManager
    {
        public Address(string address) => Initialize("http://localhost/", $"http://localhost/{address}");
    }

    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw new NotSupportedException(identifier);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => throw new NotSupportedException(identifier);
    }
}
