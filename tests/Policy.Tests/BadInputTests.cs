using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.Tests;

/// <summary>The real program, started wrongly: one line on standard error, exit code 2.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task A_missing_model_folder_is_told_in_one_line() =>
        Assert.Equal((2, $"error: no such model folder: {Path.Combine(Path.GetTempPath(), "no-such-model")}"),
            await PolicyProcess.RunAsync(("O1CODER_MODEL", Path.Combine(Path.GetTempPath(), "no-such-model"))));

    [Fact]
    public async Task A_setting_that_is_absent_or_out_of_range_is_told_in_one_line() =>
        Assert.Equal((2, "error: O1CODER_MODEL is not set: expected the folder of a model; O1CODER_THREADS is -1: expected 0 to 1024"),
            await PolicyProcess.RunAsync(("O1CODER_MODEL", ""), ("O1CODER_THREADS", "-1")));

    [Theory]
    [InlineData("O1CODER_WEIGHTS", "int5", "expected int4, int8, fp32, or nothing for as stored")]
    [InlineData("O1CODER_ACCURACY", "slow", "expected fast or exact")]
    [InlineData("O1CODER_BACKEND", "foo", "expected Cpu or Onnx")]
    [InlineData("O1CODER_CONTEXT", "many", "expected 16 to 1048576")]
    public async Task A_value_that_there_is_not_is_told_in_one_line(string variable, string value, string expected) =>
        Assert.Equal((2, $"error: {variable} is '{value}': {expected}"), await PolicyProcess.RunAsync(("O1CODER_MODEL", EmbeddedModel.Folder), (variable, value)));

    [Theory]
    [InlineData("x")]
    [InlineData("0x1")]
    [InlineData("Cpu,Onnx")]
    [InlineData("")]
    public void Every_setting_that_is_no_text_is_told_when_it_cannot_be_read(string value)
    {
        var settings = typeof(PolicyOptions).GetProperties().Where(property => property.PropertyType != typeof(string)).ToArray();
        Assert.NotEmpty(settings);
        var names = settings.Select(property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name).ToArray();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(names.ToDictionary(name => name, _ => (string?)value)).Build();
        var services = new ServiceCollection();
        services.AddOptions<PolicyOptions>().BindSettings(configuration);

        var error = Assert.Throws<OptionsValidationException>(
            () => services.BuildServiceProvider().GetRequiredService<IOptions<PolicyOptions>>().Value);

        Assert.All(names, name => Assert.Contains(error.Failures, failure => failure.StartsWith($"{name} is '{value}': expected ", StringComparison.Ordinal)));
        Assert.Contains($"O1CODER_BACKEND is '{value}': expected Cpu or Onnx", error.Failures);
        Assert.Contains($"O1CODER_VERIFY_MODEL is '{value}': expected true or false", error.Failures);
        Assert.Contains($"O1CODER_PREFIX_CACHE_BYTES is '{value}': expected 0 to 4398046511104", error.Failures);
    }

    [Fact]
    public async Task Weights_that_a_server_holds_are_not_to_be_chosen() =>
        Assert.Equal((2, "error: O1CODER_WEIGHTS is 'int8': expected nothing, for the server at O1CODER_REMOTE holds the weights"),
            await PolicyProcess.RunAsync(("O1CODER_MODEL", EmbeddedModel.Folder), ("O1CODER_WEIGHTS", "int8"), ("O1CODER_REMOTE", "http://127.0.0.1:9/v1")));

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (code, error) = await PolicyProcess.RunAsync(
            ("O1CODER_MODEL", EmbeddedModel.Folder), ("ASPNETCORE_URLS", $"http://{taken.LocalEndpoint}"));

        Assert.Equal(2, code);
        Assert.Equal($"error: Failed to bind to address http://{taken.LocalEndpoint}: address already in use.", error);
    }
}
