using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.Models;

namespace O1Coder.Policy.Tests;

/// <summary>Files that are cut off, damaged or for something else: refused by name, and what runs is untouched.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TinyModel _model = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task A_damaged_adapter_is_refused_wherever_it_is_damaged_and_the_engine_answers_as_before()
    {
        await using var host = await PolicyHost.StartModelAsync(_model.Folder);
        var description = Description(host);
        using var good = new AdapterFolder(1, size: 0.5f, model: description);
        await LoadAsync(host, good.Path);
        var plain = await AskAsync(host, "");
        var adapted = await AskAsync(host, "mine");
        Assert.NotEqual(plain, adapted);

        using var bad = new AdapterFolder(2, model: description);
        var weights = await File.ReadAllBytesAsync(bad.Weights, Cancellation);
        for (var i = 1; i <= 16; i++)
        {
            await File.WriteAllBytesAsync(bad.Weights, weights[..(weights.Length * (i - 1) / 16)], Cancellation);
            await RefusedAsync(host, bad.Path, "adapter_model.safetensors");
        }

        // Of the header, any bit that is not part of a number changes what the file says, and is refused or is another valid file.
        var header = (int)BitConverter.ToUInt64(weights) + sizeof(ulong);
        var refused = 0;
        for (var i = 0; i < header; i += 7)
        {
            var flipped = weights.ToArray();
            flipped[i] ^= 0x10;
            await File.WriteAllBytesAsync(bad.Weights, flipped, Cancellation);
            refused += await IsRefusedAsync(host, bad.Path) ? 1 : 0;
        }

        Assert.InRange(refused, 1, header);

        // A number that is none.
        var spoiled = weights.ToArray();
        BitConverter.TryWriteBytes(spoiled.AsSpan(header), float.NaN);
        await File.WriteAllBytesAsync(bad.Weights, spoiled, Cancellation);
        await RefusedAsync(host, bad.Path, "finite");

        await LoadAsync(host, good.Path);
        Assert.Equal(plain, await AskAsync(host, ""));
        Assert.Equal(adapted, await AskAsync(host, "mine"));
    }

    [Fact]
    public async Task An_adapter_for_another_model_or_of_another_rank_is_refused()
    {
        await using var host = await PolicyHost.StartModelAsync(_model.Folder);
        var description = Description(host);
        using (var layers = new AdapterFolder(1, model: description with { Layers = 3 }))
        {
            await RefusedAsync(host, layers.Path, "another model's adapter");
        }

        using (var shape = new AdapterFolder(1, model: description with { HiddenSize = 128 }))
        {
            await RefusedAsync(host, shape.Path, "another model's adapter");
        }

        using (var rank = new AdapterFolder(1, model: description))
        {
            await File.WriteAllTextAsync(
                rank.Config, (await File.ReadAllTextAsync(rank.Config, Cancellation)).Replace("\"r\": 2", "\"r\": 7", StringComparison.Ordinal), Cancellation);
            await RefusedAsync(host, rank.Path, "rank");
        }

        using (var rank = new AdapterFolder(1, model: description))
        {
            await File.WriteAllTextAsync(
                rank.Config, (await File.ReadAllTextAsync(rank.Config, Cancellation)).Replace("\"r\": 2", "\"r\": 20000", StringComparison.Ordinal), Cancellation);
            await RefusedAsync(host, rank.Path, "r is 20000: expected");
        }

        await AskAsync(host, "");
    }

    [Fact]
    public async Task A_model_file_that_is_cut_off_or_damaged_ends_the_service_in_one_line()
    {
        var bytes = await File.ReadAllBytesAsync(_model.File, Cancellation);

        // With hashes of another file, or of the damaged one itself: then the file has to tell.
        foreach (var (damaged, hashed, mentions) in new (byte[], bool, string)[]
        {
            ([.. bytes[..^1], (byte)(bytes[^1] ^ 1)], false, "sha256"),
            (bytes[..^1], true, "tiny.gguf"),
            (bytes[..(bytes.Length / 2)], true, "tiny.gguf"),
            (bytes[..100], true, "tiny.gguf"),
            ([], true, "tiny.gguf"),
            ([(byte)(bytes[0] ^ 1), .. bytes[1..]], true, "tiny.gguf"),
        })
        {
            await File.WriteAllBytesAsync(_model.File, damaged, Cancellation);
            if (hashed)
            {
                _model.WriteHashes();
            }

            var (code, error) = await PolicyProcess.RunAsync(("O1CODER_MODEL", _model.Folder), ("O1CODER_BACKEND", "Cpu"));

            Assert.True(code == 2 && error.StartsWith("error: ", StringComparison.Ordinal), $"{code}: {error}");
            Assert.Contains(mentions, error, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain('\n', error);
            await File.WriteAllBytesAsync(_model.File, bytes, Cancellation);
            _model.WriteHashes();
        }
    }

    private static ModelDescription Description(PolicyHost host) => host.Services.GetRequiredService<ModelHost>().Loaded!.Model.Description;

    private static async Task LoadAsync(PolicyHost host, string folder) => await host.Client.LoadAdapterAsync(
        new V1.LoadAdapterRequest { Name = "mine", Folder = folder }, cancellationToken: Cancellation);

    private static async Task RefusedAsync(PolicyHost host, string folder, string mentions)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => LoadAsync(host, folder));
        Assert.True(
            error.StatusCode == StatusCode.InvalidArgument && error.Status.Detail.Contains(mentions, StringComparison.Ordinal), $"{error.Status}: expected {mentions}");
        Assert.DoesNotContain('\n', error.Status.Detail);
    }

    private static async Task<bool> IsRefusedAsync(PolicyHost host, string folder)
    {
        try
        {
            await LoadAsync(host, folder);
            return false;
        }
        catch (RpcException error)
        {
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            return true;
        }
    }

    private static async Task<string> AskAsync(PolicyHost host, string adapter)
    {
        using var call = host.Client.Generate(new V1.GenerateRequest
        {
            Prompt = new V1.Prompt { Parts = { Requests.Text("a prompt") } },
            Sampling = new V1.SamplingParameters { MaxTokens = 12, LogitBias = { [257] = -100, [258] = -100 } },
            Adapter = adapter,
        }, cancellationToken: Cancellation);
        var answer = new List<string>();
        await foreach (var one in call.ResponseStream.ReadAllAsync(Cancellation))
        {
            answer.AddRange(one.Chunk?.TokenIds.Zip(one.Chunk.ModelLogProbabilities).Select(token => $"{token}") ?? []);
        }

        return string.Join(' ', answer);
    }
}
