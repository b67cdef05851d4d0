using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.Dashboard.Components.ResourceViews;
using O1Coder.Hosting.Dashboard.Components.Shared;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Dashboard.Tests;

public class ResourceFaceTests
{
    [Theory]
    [InlineData("Running", "", null, "Running", "Ok")]
    [InlineData("Running", "Healthy,Healthy", null, "Running", "Ok")]
    [InlineData("Running", "Healthy,", null, "Running", "Info")]
    [InlineData("Running", "Unhealthy,Healthy", null, "Running (unhealthy)", "Warn")]
    [InlineData("Running", "Degraded,Healthy", null, "Running (degraded)", "Warn")]
    [InlineData("Exited", "Unhealthy", 134, "Exited (134)", "Bad")]
    [InlineData("Exited", "", 0, "Exited (0)", "Soft")]
    [InlineData("Exited", "", null, "Exited", "Soft")]
    [InlineData("Finished", "", 0, "Finished", "Soft")]
    [InlineData("FailedToStart", "", null, "Failed to start", "Bad")]
    [InlineData("RuntimeUnhealthy", "", null, "Runtime unhealthy", "Warn")]
    [InlineData("ValueMissing", "", null, "Value missing", "Warn")]
    [InlineData("NotStarted", "", null, "Not started", "Soft")]
    [InlineData("Waiting", "", null, "Waiting", "Info")]
    [InlineData("Starting", "", null, "Starting", "Info")]
    [InlineData("Active", "", null, "Active", "Ok")]
    [InlineData("", "", null, "Unknown", "Soft")]
    [InlineData("Warming up", "", null, "Warming up", "Soft")]
    public void A_state_has_a_word_and_a_colour(string state, string health, int? exitCode, string word, string tone)
    {
        var resource = new Resource { State = state };
        if (exitCode is { } code)
        {
            resource.ExitCode = code;
        }

        if (health != "")
        {
            resource.HealthReports.AddRange(health.Split(',').Select(one => new HealthReport { Status = one }));
        }

        Assert.Equal(word, ResourceFace.State(resource));
        Assert.Equal(tone, ResourceFace.Look(resource).Tone.ToString());
        Assert.True(IconShapes.Has(ResourceFace.Look(resource).Icon));
    }

    [Fact]
    public void A_state_of_the_application_s_own_is_coloured_as_it_says()
    {
        Assert.Equal(Tone.Bad, ResourceFace.Look(new Resource { State = "Burnt", StateStyle = "error" }).Tone);
        Assert.Equal(Tone.Ok, ResourceFace.Look(new Resource { State = "Done", StateStyle = "success" }).Tone);
        var sick = new Resource { State = "Running", StateStyle = "success", HealthReports = { new HealthReport { Status = "Unhealthy" } } };
        Assert.Equal(Tone.Warn, ResourceFace.Look(sick).Tone);
    }

    [Theory]
    [InlineData("", "policy,redis")]
    [InlineData("  POL ", "policy")]
    [InlineData("csproj", "policy")]
    [InlineData("7401", "policy")]
    [InlineData("not started", "redis")]
    [InlineData("nothing like it", "")]
    public void The_filter_looks_at_what_is_shown(string text, string expected)
    {
        var filter = new ResourceFilter { Text = text };
        Assert.Equal(expected, string.Join(',', Some().Where(filter.Shows).Select(one => one.Name)));
    }

    [Fact]
    public void The_filter_leaves_out_what_is_not_chosen()
    {
        var filter = new ResourceFilter();
        filter.WithoutTypes.Add("Project");
        Assert.Equal(["redis"], Some().Where(filter.Shows).Select(one => one.Name));
        filter.Clear();
        filter.WithoutHealth.Add(HealthWord.None);
        Assert.Equal(["policy"], Some().Where(filter.Shows).Select(one => one.Name));
        filter.Clear();
        filter.WithHidden = true;
        Assert.Equal(["policy", "redis", "secret"], Some().Where(filter.Shows).Select(one => one.Name));
    }

    [Fact]
    public void Instances_of_one_resource_are_told_apart()
    {
        Resource[] all = [new() { Name = "a", InstanceName = "a-1" }, new() { Name = "b", InstanceName = "b-1" }, new() { Name = "b", InstanceName = "b-2" }];
        Assert.Equal(["a", "b-1", "b-2"], all.Select(one => ResourceNames.Of(one, all)));
        Assert.Equal("b-2", ResourceNames.Find(all, "B-2")?.InstanceName);
        Assert.Equal("b-1", ResourceNames.Find(all, "b")?.InstanceName);
        Assert.Null(ResourceNames.Find(all, "c"));
    }

    [Theory]
    [InlineData("resource-restart", "", "restart")]
    [InlineData("flush", "Delete", "clear")]
    [InlineData("flush", "Database", "database")]
    [InlineData("flush", "NoSuchIcon", "sparkle")]
    [InlineData("flush", "", "sparkle")]
    public void A_command_has_an_icon(string name, string icon, string expected)
    {
        Assert.Equal(expected, ResourceFace.Icon(new ResourceCommand { Name = name, IconName = icon }));
        Assert.True(IconShapes.Has(expected));
    }

    private static Resource[] Some() =>
    [
        new()
        {
            Name = "policy", InstanceName = "policy-1", Type = "Project", State = "Running",
            Urls = { new ResourceUrl { Url = "http://127.0.0.1:7401" } },
            Properties = { new ResourceProperty { Name = "project.path", Value = "/x/Policy.csproj" } },
        },
        new() { Name = "redis", InstanceName = "redis-1", Type = "Redis", State = "NotStarted" },
        new() { Name = "secret", InstanceName = "secret", Type = "Parameter", State = "Running", Hidden = true },
    ];
}
