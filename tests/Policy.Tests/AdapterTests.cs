using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary>Adapters over gRPC, with an engine that only remembers.</summary>
public sealed class AdapterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Adapters_are_loaded_listed_used_replaced_and_forgotten()
    {
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of([new PromptAccepted(0)], stop) };
        await using var host = await PolicyHost.StartAsync(engine);
        using var first = new AdapterFolder(1);
        using var second = new AdapterFolder(2, rank: 3);

        var loaded = await Load(host, "policy.v-1_a", first);
        Assert.Equal(("policy.v-1_a", first.Version, first.Path, 2, ""),
            (loaded.Adapter.Name, loaded.Adapter.Version, loaded.Adapter.Folder, loaded.Adapter.Rank, loaded.ReplacedVersion));
        Assert.Equal(["q_proj", "v_proj"], loaded.Adapter.Targets);
        Assert.InRange(loaded.Adapter.Bytes, 1, 1 << 20);
        Assert.Equal($"a-{second.Version}", (await Load(host, "", second)).Adapter.Name);
        Assert.Equal([$"a-{second.Version}", "policy.v-1_a"], (await List(host)).Select(adapter => adapter.Name));
        Assert.Equal(("policy.v-1_a", first.Version), await AdapterThatAnswered(host, "policy.v-1_a"));
        Assert.Equal(("", ""), await AdapterThatAnswered(host, ""));

        // The same again changes nothing.
        Assert.Equal("", (await Load(host, "policy.v-1_a", first)).ReplacedVersion);

        // A version that another name stands for stays when one of its names goes.
        Assert.Equal(first.Version, (await Load(host, "policy.v-1_a", second)).ReplacedVersion);
        Assert.Equal([second.Version], engine.Served.Keys);
        Assert.Equal(("policy.v-1_a", second.Version), await AdapterThatAnswered(host, "policy.v-1_a"));
        await Unload(host, "policy.v-1_a");
        Assert.Equal([second.Version], engine.Served.Keys);
        await Unload(host, $"a-{second.Version}");
        Assert.Empty(engine.Served);
        Assert.Empty(await List(host));
    }

    [Fact]
    public async Task Score_and_labels_say_which_version_answered()
    {
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine());
        using var folder = new AdapterFolder(1);
        await Load(host, "prm", folder);
        var score = Requests.Score();
        score.Adapter = "prm";
        var labels = Labels();
        labels.Adapter = "prm";

        Assert.Equal(("prm", folder.Version), Version((await host.Client.ScoreAsync(score, cancellationToken: Cancellation)).Model));
        Assert.Equal(("prm", folder.Version), Version((await host.Client.ScoreLabelsAsync(labels, cancellationToken: Cancellation)).Model));
    }

    [Fact]
    public async Task A_name_that_is_not_loaded_is_told_with_those_that_are()
    {
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine());
        var request = Requests.Generate();
        request.Adapter = "none";
        await Refused(StatusCode.NotFound, "adapter is 'none': expected an empty name, as no adapter is loaded", () => Generate(host, request));

        using var folder = new AdapterFolder(1);
        await Load(host, "b", folder);
        await Load(host, "a", folder);
        await Refused(StatusCode.NotFound, "adapter is 'none': expected one of a, b", () => Generate(host, request));
        var score = Requests.Score();
        score.Adapter = "none";
        await Refused(StatusCode.NotFound, "expected one of a, b", async () => await host.Client.ScoreAsync(score));
        var labels = Labels();
        labels.Adapter = "none";
        await Refused(StatusCode.NotFound, "expected one of a, b", async () => await host.Client.ScoreLabelsAsync(labels));
        await Refused(StatusCode.NotFound, "name is 'c': expected one of a, b", () => Unload(host, "c"));
    }

    [Fact]
    public async Task A_bad_adapter_is_refused_in_one_line_and_what_was_loaded_stays()
    {
        var engine = new ScriptedEngine();
        await using var host = await PolicyHost.StartAsync(engine);
        using var good = new AdapterFolder(1);
        await Load(host, "policy", good);
        await Refused("no such adapter folder", good.Path + "-absent");
        await Refused("folder is ''", "");

        await Spoiled("adapter_config.json", folder => File.Delete(folder.Config));
        await Spoiled("adapter_model.safetensors", folder => File.Delete(folder.Weights));
        await Spoiled("peft_type", folder => Replace(folder.Config, "\"LORA\"", "\"IA3\""));
        await Spoiled("r is 0", folder => Replace(folder.Config, "\"r\": 2", "\"r\": 0"));
        await Spoiled("another rank", folder => Replace(folder.Config, "\"r\": 2", "\"r\": 5"));
        await Spoiled("adapter_model.safetensors", folder => Truncate(folder.Weights, -100));
        await Spoiled("adapter_model.safetensors", folder => Truncate(folder.Weights, 4));
        await Spoiled("finite", folder => Overwrite(folder.Weights, -4, BitConverter.GetBytes(float.NaN)));
        await Spoiled("adapter_model.safetensors", folder => Overwrite(folder.Weights, 3, [0xFF, 0xFF]));
        using (var other = new AdapterFolder(1, model: EmbeddedModel.Shared.Description with { Layers = 25 }))
        {
            await Refused("another model's adapter", other.Path);
        }

        using (var other = new AdapterFolder(1, model: EmbeddedModel.Shared.Description with { HiddenSize = 1024 }))
        {
            await Refused("another model's adapter", other.Path);
        }

        Assert.Equal([good.Version], (await List(host)).Select(adapter => adapter.Version));
        Assert.Equal([good.Version], engine.Served.Keys);

        async Task Spoiled(string part, Action<AdapterFolder> spoil)
        {
            using var folder = new AdapterFolder(7);
            spoil(folder);
            await Refused(part, folder.Path);
        }

        async Task Refused(string part, string folder)
        {
            var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.LoadAdapterAsync(
                new V1.LoadAdapterRequest { Name = "policy", Folder = folder }, cancellationToken: Cancellation));
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.Contains(part, error.Status.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain("\n", error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rank_of_64_is_served_and_one_of_65_is_refused()
    {
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine());
        using var folder = new AdapterFolder(1, rank: 64);
        Assert.Equal(64, (await Load(host, "policy", folder)).Adapter.Rank);

        File.WriteAllText(folder.Config, File.ReadAllText(folder.Config).Replace("\"r\": 64", "\"r\": 65", StringComparison.Ordinal));
        await Refused(StatusCode.InvalidArgument, "r is 65: expected a whole number from 1 to 64", () => Load(host, "higher", folder));
        Assert.Equal("policy", Assert.Single(await List(host)).Name);
    }

    // A flipped bit that leaves a valid file is another version: what is served is what its version says.
    [Fact]
    public async Task A_flipped_bit_is_another_version()
    {
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine());
        using var folder = new AdapterFolder(1);
        var before = (await Load(host, "policy", folder)).Adapter.Version;
        var bytes = File.ReadAllBytes(folder.Weights);
        bytes[^4] ^= 1;
        File.WriteAllBytes(folder.Weights, bytes);

        var after = await Load(host, "policy", folder);

        Assert.Equal(before, after.ReplacedVersion);
        Assert.NotEqual(before, after.Adapter.Version);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("../a")]
    [InlineData("ä")]
    [InlineData("a\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_bad_name_is_refused(string name)
    {
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine());
        using var folder = new AdapterFolder(1);
        await Refused(StatusCode.InvalidArgument, "1 to 64 characters", () => Load(host, name, folder));
    }

    [Fact]
    public async Task No_room_is_told_as_such()
    {
        var engine = new ScriptedEngine { OnAdd = (_, _) => throw new AdapterLimitException("16 adapters are loaded") };
        await using var host = await PolicyHost.StartAsync(engine);
        using var folder = new AdapterFolder(1);
        await Refused(StatusCode.ResourceExhausted, "16 adapters are loaded", () => Load(host, "a", folder));
        Assert.Empty(await List(host));
    }

    [Fact]
    public async Task A_request_whose_version_is_replaced_before_it_is_accepted_runs_with_the_new_one()
    {
        var engine = new ScriptedEngine { Script = stop => ScriptedEngine.Of([new PromptAccepted(0)], stop) };
        await using var host = await PolicyHost.StartAsync(engine);
        using var first = new AdapterFolder(1);
        using var second = new AdapterFolder(2);
        await Load(host, "policy", first);
        var asked = new List<string?>();
        engine.OnRequest = version =>
        {
            asked.Add(version);
            if (asked.Count == 1)
            {
                Load(host, "policy", second).GetAwaiter().GetResult();
            }
        };

        Assert.Equal(("policy", second.Version), await AdapterThatAnswered(host, "policy"));
        Assert.Equal([first.Version, second.Version], asked);

        asked.Clear();
        engine.OnRequest = _ => Unload(host, "policy").GetAwaiter().GetResult();
        await Refused(StatusCode.NotFound, "adapter is 'policy'", () => AdapterThatAnswered(host, "policy"));
    }

    [Fact]
    public async Task Concurrent_loads_of_one_name_leave_one_version()
    {
        var engine = new ScriptedEngine();
        await using var host = await PolicyHost.StartAsync(engine);
        using var first = new AdapterFolder(1);
        using var second = new AdapterFolder(2);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Load(host, "policy", i % 2 == 0 ? first : second)));

        var adapter = Assert.Single(await List(host));
        Assert.Equal([adapter.Version], engine.Served.Keys);
    }

    [Fact]
    public async Task Labels_are_read_after_each_text_and_separators_lie_between()
    {
        var engine = new ScriptedEngine();
        await using var host = await PolicyHost.StartAsync(engine);

        var response = await host.Client.ScoreLabelsAsync(Labels(), cancellationToken: Cancellation);

        var (tokens, positions, labels) = engine.AskedForLabels!.Value;
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], tokens);
        Assert.Equal([4, 7], positions);
        Assert.Equal([.. EmbeddedModel.Shared.Tokenizer.Encode(" +", false), .. EmbeddedModel.Shared.Tokenizer.Encode(" -", false)], labels);
        Assert.Equal(8, response.PromptTokens);
        Assert.Equal(positions.Select(position => labels.Select(label => -position - (label / 1000f))),
            response.Segments.Select(segment => segment.LogProbabilities));
        Assert.Equal(EmbeddedModel.Shared.Hash, response.Model.ModelHash);
    }

    [Fact]
    public async Task A_bad_request_for_labels_names_the_field()
    {
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine());
        await Bad("labels is '1 labels'", request => request.Labels.RemoveAt(0));
        await Bad("labels is '17 labels'", request => request.Labels.Add(Enumerable.Repeat(" +", 15)));
        await Bad("labels[1] is ' - -': expected a text of exactly one token", request => request.Labels[1] = " - -");
        await Bad("labels[1] is ''", request => request.Labels[1] = "");
        await Bad("segments is '0 segments'", request => request.Segments.Clear());
        await Bad("segments is '257 segments'", request => request.Segments.Add(Enumerable.Repeat(request.Segments[0], 255)));
        await Bad("segments[1].text.parts", request => request.Segments[1].Text = null);
        await Bad("segments[0].separator.parts[0].tokens.ids[0] is '-1'", request => request.Segments[0].Separator.Parts[0].Tokens.Ids[0] = -1);
        await Bad("prompt.parts", request => request.Prompt = null);
        await Bad("at most 250 tokens", request => request.Segments[1].Text.Parts.Add(Requests.Tokens(new int[300])));
        await Bad("segments[1].text is 'after 256 tokens'", request => request.Segments[0].Separator.Parts.Add(Requests.Tokens(new int[250])));

        async Task Bad(string part, Action<V1.ScoreLabelsRequest> spoil)
        {
            var request = Labels();
            spoil(request);
            await Refused(StatusCode.InvalidArgument, part, async () => await host.Client.ScoreLabelsAsync(request, cancellationToken: Cancellation));
        }
    }

    [Fact]
    public async Task Changes_are_counted()
    {
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine());
        var meters = host.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        var sums = new Dictionary<string, long>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name.StartsWith("o1coder.policy.adapter", StringComparison.Ordinal))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value);
        listener.Start();
        using var first = new AdapterFolder(1);
        using var second = new AdapterFolder(2);

        await Load(host, "a", first);
        await Load(host, "b", first);
        await Load(host, "a", second);
        await Unload(host, "b");

        Assert.Equal(1, sums["o1coder.policy.adapters"]);
        Assert.Equal(1, sums["o1coder.policy.adapter_swaps"]);
    }

    private static V1.ScoreLabelsRequest Labels() => new()
    {
        Prompt = new V1.Prompt { Parts = { Requests.Tokens(1, 2, 3) } },
        Segments =
        {
            new V1.LabelSegment
            {
                Text = new V1.Prompt { Parts = { Requests.Tokens(4), Requests.Tokens(5) } },
                Separator = new V1.Prompt { Parts = { Requests.Tokens(6) } },
            },
            new V1.LabelSegment { Text = new V1.Prompt { Parts = { Requests.Tokens(7, 8) } }, Separator = new V1.Prompt { Parts = { Requests.Text("") } } },
        },
        Labels = { " +", " -" },
    };

    private static async Task<V1.LoadAdapterResponse> Load(PolicyHost host, string name, AdapterFolder folder) =>
        await host.Client.LoadAdapterAsync(new V1.LoadAdapterRequest { Name = name, Folder = folder.Path }, cancellationToken: Cancellation);

    private static async Task Unload(PolicyHost host, string name) =>
        await host.Client.UnloadAdapterAsync(new V1.UnloadAdapterRequest { Name = name }, cancellationToken: Cancellation);

    private static async Task<IEnumerable<V1.Adapter>> List(PolicyHost host) =>
        (await host.Client.ListAdaptersAsync(new V1.ListAdaptersRequest(), cancellationToken: Cancellation)).Adapters;

    private static async Task<(string Name, string Version)> AdapterThatAnswered(PolicyHost host, string name)
    {
        var request = Requests.Generate();
        request.Adapter = name;
        return Version((await Generate(host, request)).Accepted.Model);
    }

    private static async Task<V1.GenerateResponse> Generate(PolicyHost host, V1.GenerateRequest request)
    {
        using var call = host.Client.Generate(request, cancellationToken: Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        return call.ResponseStream.Current;
    }

    private static (string Name, string Version) Version(V1.ModelIdentity model) => (model.Adapter, model.AdapterVersion);

    private static async Task Refused(StatusCode status, string part, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(status, error.StatusCode);
        Assert.Contains(part, error.Status.Detail, StringComparison.Ordinal);
    }

    private static void Replace(string path, string before, string after)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(before, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(before, after, StringComparison.Ordinal));
    }

    private static void Truncate(string path, int length)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(length < 0 ? file.Length + length : length);
    }

    private static void Overwrite(string path, int at, byte[] bytes)
    {
        using var file = File.OpenWrite(path);
        file.Position = at < 0 ? file.Length + at : at;
        file.Write(bytes);
    }
}
