using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Hosting.Tests;

/// <summary>What can be said about resources, without starting any.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData("redis")]
    [InlineData("A-1-b")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1234")]
    public async Task ValidNamesAreTaken(string name)
    {
        await using var test = new TestApplication();
        Assert.Equal(name, test.Script(name, "true").Resource.Name);
    }

    [Theory]
    [InlineData("", "between 1 and 64")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij12345", "between 1 and 64")]
    [InlineData("1st", "start with an ASCII letter")]
    [InlineData("a_b", "only ASCII letters, digits, and hyphens")]
    [InlineData("é", "only ASCII letters")]
    [InlineData("a--b", "consecutive hyphens")]
    [InlineData("a-", "end with a hyphen")]
    public async Task InvalidNamesAreRefused(string name, string reason)
    {
        await using var test = new TestApplication();
        var exception = Assert.Throws<ArgumentException>(() => test.Script(name, "true"));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => test.Script("ok", "true").WithHttpEndpoint(name: name));
    }

    [Fact]
    public async Task NamesAreUniqueRegardlessOfCase()
    {
        await using var test = new TestApplication();
        test.Script("one", "true");
        var exception = Assert.Throws<DistributedApplicationException>(() => test.Script("ONE", "true"));
        Assert.Contains("'ONE'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndpointNamesAreUniqueInAResource()
    {
        await using var test = new TestApplication();
        var resource = test.Script("one", "true").WithHttpEndpoint();
        Assert.Throws<DistributedApplicationException>(() => resource.WithHttpEndpoint());
        Assert.Throws<DistributedApplicationException>(() => resource.WithHttpEndpoint(port: 1000, targetPort: 2000, name: "two"));
    }

    [Fact]
    public async Task ParametersComeFromConfigurationOrTheirDefault()
    {
        await using var test = new TestApplication();
        test.Builder.Configuration["Parameters:configured"] = "from outside";
        test.Builder.Configuration["some:key"] = "by key";
        Assert.Equal("from outside", test.Builder.AddParameter("configured").Resource.Read());
        Assert.Equal("by key", test.Builder.AddParameterFromConfiguration("keyed", "some:key").Resource.Read());
        Assert.Equal("in code", test.Builder.AddParameter("literal", "in code").Resource.Read());

        var generated = test.Builder.AddParameter("made", new GenerateParameterDefault { Special = false, MinNumeric = 3 }, secret: true).Resource;
        Assert.True(generated.Secret);
        Assert.Equal(22, generated.Read().Length);
        Assert.True(generated.Read().All(char.IsAsciiLetterOrDigit));
        Assert.True(generated.Read().Count(char.IsAsciiDigit) >= 3);
        Assert.Equal(generated.Read(), generated.Read());
    }

    [Fact]
    public async Task AMissingParameterFailsTheStartAndNamesItsKey()
    {
        await using var test = new TestApplication();
        test.Builder.AddParameter("absent");
        var exception = await Assert.ThrowsAsync<MissingParameterValueException>(test.StartAsync);
        Assert.Contains("'Parameters:absent'", exception.Message, StringComparison.Ordinal);
        Assert.True(test.Notifications.TryGetCurrentState("absent", out var present));
        Assert.Equal(KnownResourceStates.ValueMissing, present.Snapshot.State?.Text);
    }

    [Fact]
    public async Task AReferenceExpressionKeepsItsTextAndResolvesItsValues()
    {
        await using var test = new TestApplication();
        var secret = test.Builder.AddParameter("secret", "s3cret", secret: true);
        var known = "a{b}";
        var expression = ReferenceExpression.Create($"{known};password={secret};{{literal}}");
        Assert.Equal("a{b};password=s3cret;{literal}", await expression.GetValueAsync(TestApplication.Limit));
        Assert.Equal("a{b};password={secret.value};{literal}", expression.ValueExpression);
    }

    [Fact]
    public async Task AnHttpHealthCheckHasAspiresKeyAndIsRegistered()
    {
        await using var test = new TestApplication();
        var resource = test.Script("api", "true").WithHttpEndpoint(name: "health").WithHttpHealthCheck("/health", endpointName: "health");
        var key = Assert.Single(resource.Resource.Annotations.OfType<HealthCheckAnnotation>()).Key;
        Assert.Equal("api_health_/health_200_check", key);
        var report = await test.App.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Name == key, TestApplication.Limit);
        Assert.True(report.Entries.ContainsKey(key));
    }

    [Fact]
    public async Task AFixedPortAndReplicasDoNotGoTogether()
    {
        await using var test = new TestApplication();
        test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("api").WithReplicas(2).WithHttpEndpoint(port: 41234);
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(test.StartAsync);
        Assert.Contains("2 replicas", exception.Message, StringComparison.Ordinal);
    }
}
