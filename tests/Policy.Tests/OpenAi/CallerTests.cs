using System.Net.Http.Headers;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary>Who asks, for the fair queue.</summary>
public sealed class CallerTests
{
    [Fact]
    public async Task The_user_is_the_caller_of_answers_and_scores()
    {
        var engine = new ScriptedEngine();
        await using var host = await OpenAiHost.StartAsync(engine);
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a-key");

        Assert.Equal(200, (await host.PostAsync("completions", Body("\"prompt\": \"x\", \"user\": \"search-1\""))).Status);
        Assert.Equal(new QueueTicket(RequestPriority.Normal, "search-1"), engine.Asked!.Ticket);

        Assert.Equal(200, (await host.PostAsync("chat/completions", Body("\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"user\": \"ann\""))).Status);
        Assert.Equal("ann", engine.Asked.Ticket.Caller);

        Assert.Equal(200, (await host.PostAsync(
            "completions", Body("\"prompt\": [1, 2, 3], \"user\": \"bob\", \"echo\": true, \"max_tokens\": 0, \"logprobs\": 0"))).Status);
        Assert.Equal("bob", engine.ScoreTicket.Caller);
    }

    [Fact]
    public async Task Without_a_user_keys_tell_callers_apart_and_are_not_repeated()
    {
        var engine = new ScriptedEngine();
        await using var host = await OpenAiHost.StartAsync(engine);

        var (none, first, again, second) = (await Caller(null), await Caller("key-one"), await Caller("key-one"), await Caller("key-two"));

        Assert.True(string.IsNullOrEmpty(none));
        Assert.StartsWith("key-", first, StringComparison.Ordinal);
        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
        Assert.DoesNotContain("one", first, StringComparison.Ordinal);

        async Task<string?> Caller(string? key)
        {
            host.Client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            Assert.Equal(200, (await host.PostAsync("completions", Body("\"prompt\": \"x\", \"user\": \"\""))).Status);
            return engine.Asked!.Ticket.Caller;
        }
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused_as_over_gRPC()
    {
        var engine = new ScriptedEngine();
        await using var host = await OpenAiHost.StartAsync(engine);
        Assert.Equal(200, (await host.PostAsync("completions", Body($"\"prompt\": \"x\", \"user\": \"{new string('u', 256)}\""))).Status);

        var (status, answer, _) = await host.PostAsync("completions", Body($"\"prompt\": \"x\", \"user\": \"{new string('u', 257)}\""));

        Assert.Equal(400, status);
        Assert.Equal("user is '257 characters': expected at most 256 characters", answer.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("user", answer.GetProperty("error").GetProperty("param").GetString());
    }

    private static string Body(string fields) => $$"""{"model": "{{EmbeddedModel.Shared.Id}}", {{fields}}}""";
}
