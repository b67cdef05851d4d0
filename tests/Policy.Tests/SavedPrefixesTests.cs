using Grpc.Core;

namespace O1Coder.Policy.Tests;

/// <summary>Prefixes that outlive the service.</summary>
public sealed class SavedPrefixesTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("o1coder-policy-").FullName, "prefixes");

    [Fact]
    public async Task What_was_asked_often_before_an_orderly_stop_is_known_after_the_next_start()
    {
        int asked;
        await using (var first = await StartAsync())
        {
            Assert.Equal(0, (await AskAsync(first)).Cached);
            (asked, _) = await AskAsync(first);
            await AskAsync(first);
            await first.StopAsync();
        }

        var file = Assert.Single(Directory.GetFiles(_folder));
        await using (var second = await StartAsync())
        {
            // All but the last token, which is always computed.
            Assert.Equal((asked, asked - 1), await AskAsync(second));
            await second.StopAsync();
        }

        // Nothing was asked twice: the file stays. A damaged one costs a prefill.
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        await using var third = await StartAsync();
        Assert.Equal((asked, 0), await AskAsync(third));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    private Task<PolicyHost> StartAsync() => PolicyHost.StartEmbeddedAsync("--O1CODER_BACKEND", "Cpu", "--O1CODER_PREFIXES", _folder);

    private static async Task<(int Prompt, int Cached)> AskAsync(PolicyHost host)
    {
        var request = new V1.GenerateRequest
        {
            Prompt = new V1.Prompt { Parts = { Requests.Text("def fibonacci(n):\n    # The n-th number of the sequence.\n") } },
            Sampling = new V1.SamplingParameters { MaxTokens = 2 },
        };
        using var call = host.Client.Generate(request, cancellationToken: TestContext.Current.CancellationToken);
        V1.GenerateUsage? usage = null;
        await foreach (var happened in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            usage = happened.Usage ?? usage;
        }

        return ((int)usage!.PromptTokens, (int)usage.CachedTokens);
    }
}
