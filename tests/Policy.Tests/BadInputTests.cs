using System.Net;
using System.Net.Sockets;

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

    [Fact]
    public async Task A_setting_that_is_no_number_is_told_in_one_line()
    {
        var (code, error) = await PolicyProcess.RunAsync(("O1CODER_MODEL", EmbeddedModel.Folder), ("O1CODER_CONTEXT", "many"));

        Assert.Equal(2, code);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains("O1CODER_CONTEXT", error, StringComparison.Ordinal);
        Assert.Contains("'many'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("O1CODER_WEIGHTS", "int5", "expected int4, int8, fp32, or nothing for as stored")]
    [InlineData("O1CODER_ACCURACY", "slow", "expected fast or exact")]
    public async Task A_choice_that_there_is_not_is_told_in_one_line(string variable, string value, string expected) =>
        Assert.Equal((2, $"error: {variable} is '{value}': {expected}"), await PolicyProcess.RunAsync(("O1CODER_MODEL", EmbeddedModel.Folder), (variable, value)));

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
