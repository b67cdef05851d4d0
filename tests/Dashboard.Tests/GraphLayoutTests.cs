using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Dashboard.Tests;

public class GraphLayoutTests
{
    [Fact]
    public void Whoever_needs_stands_left_of_what_is_needed_and_nothing_overlaps()
    {
        var layout = new GraphLayout(
        [
            Make("redis"), Make("policy", ("redis", "Reference"), ("redis", "WaitFor")), Make("sandbox"), Make("sandbox"),
            Make("coordinator", ("policy", "Reference"), ("sandbox", "WaitFor"), ("redis", "Reference")), Make("studio", ("coordinator", "Reference"), ("missing", "Reference")),
        ]);

        Assert.Equal(["coordinator", "policy", "redis", "sandbox", "studio"], layout.Nodes.Select(one => one.Name));
        Assert.Equal(2, layout.Nodes.Single(one => one.Name == "sandbox").Instances.Count);
        Assert.Equal(
            ["coordinator>policy R", "coordinator>redis R", "coordinator>sandbox W", "policy>redis RW", "studio>coordinator R"],
            layout.Edges.Select(one => $"{one.From}>{one.To} {(one.Refers ? "R" : "")}{(one.Waits ? "W" : "")}").Order());
        foreach (var edge in layout.Edges)
        {
            Assert.True(layout.PlaceOf(edge.From).X + GraphLayout.NodeWidth < layout.PlaceOf(edge.To).X, $"{edge.From} {edge.To}");
        }

        var places = layout.Nodes.Select(one => layout.PlaceOf(one.Name)).ToList();
        Assert.All(places, one => Assert.True(one is { X: >= 0, Y: >= 0 } && one.X + GraphLayout.NodeWidth <= layout.Width && one.Y + GraphLayout.NodeHeight <= layout.Height));
        foreach (var (one, other) in places.SelectMany((one, at) => places.Skip(at + 1).Select(other => (one, other))))
        {
            Assert.True(Math.Abs(one.X - other.X) >= GraphLayout.NodeWidth || Math.Abs(one.Y - other.Y) >= GraphLayout.NodeHeight);
        }
    }

    [Fact]
    public void A_line_over_a_layer_goes_between_the_nodes()
    {
        var layout = new GraphLayout([Make("a", ("b", "Reference"), ("c", "Reference")), Make("b", ("c", "Reference")), Make("c")]);
        var (x, y) = Assert.Single(layout.BendsOf(layout.Edges.Single(one => one is { From: "a", To: "c" })));
        var between = layout.PlaceOf("b");
        Assert.Equal(between.X, x);
        Assert.True(y < between.Y || y > between.Y + GraphLayout.NodeHeight);
    }

    [Fact]
    public void A_circle_and_nothing_at_all_are_laid_out_too()
    {
        var circle = new GraphLayout([Make("a", ("b", "Reference")), Make("b", ("c", "Reference")), Make("c", ("a", "Reference"), ("c", "Reference"))]);
        Assert.Equal(3, circle.Edges.Count);
        Assert.Equal(3, circle.Nodes.Select(one => circle.PlaceOf(one.Name)).Distinct().Count());
        Assert.Equal(0, new GraphLayout([]).Width);
    }

    private static Resource Make(string name, params (string Name, string Type)[] relationships)
    {
        var resource = new Resource { Name = name, InstanceName = $"{name}-{Guid.NewGuid():N}", State = "Running" };
        resource.Relationships.AddRange(relationships.Select(one => new Relationship { ResourceName = one.Name, Type = one.Type }));
        return resource;
    }
}
