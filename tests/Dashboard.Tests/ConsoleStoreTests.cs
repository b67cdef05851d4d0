using O1Coder.Hosting.Dashboard.ConsoleLogs;
using O1Coder.Hosting.Dashboard.Telemetry.Queries;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Dashboard.Tests;

public class ConsoleStoreTests
{
    [Fact]
    public void The_last_lines_of_each_resource_are_kept()
    {
        var store = new ConsoleStore(new TelemetryLimits { MaxConsoleLogCount = 3, MaxConsoleLogCharacters = 40 });
        for (var number = 1; number <= 5; number++)
        {
            store.Add(Line("a", number, $"a {number}"));
        }

        store.Add(Line("b", 6, "b 6"));
        Assert.Equal(["a 3", "a 4", "a 5", "b 6"], store.Lines().Select(line => line.Text));

        // Long lines make others go sooner; one is kept however long it is.
        store.Add(Line("a", 7, new string('x', 38)));
        Assert.Equal([38, 3], store.Lines().Select(line => line.Text.Length));
        store.Add(Line("a", 8, new string('y', 90)));
        Assert.Equal([90, 3], store.Lines().Select(line => line.Text.Length));

        var before = store.Version;
        store.Keep(["B"]);
        Assert.Equal("b 6", Assert.Single(store.Lines()).Text);
        Assert.NotEqual(before, store.Version);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void They_are_searched_with_everything_else()
    {
        var store = new TelemetryStore(new TelemetryLimits());
        store.Console.Add(Line("a", 20, "a Needle in a line"));
        store.Console.Add(Line("b", 30, "hay"));
        store.Console.Add(Line("b", 10, "needle"));
        var result = new SearchQuery("needle").Run(store);
        Assert.Equal((0, 2, 0, 2), (result.Logs, result.Lines, result.Spans, result.All));
        Assert.Equal(["a", "b"], result.Hits.Select(hit => hit.Line!.Instance));
        Assert.Equal(("a ", "Needle", " in a line"), (result.Hits[0].Before, result.Hits[0].Found, result.Hits[0].After));
    }

    private static KeptLine Line(string instance, long time, string text) => new(instance, instance, time, text);
}
