using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.Tests;

/// <summary>More callers than there is room for; alone in its process meanwhile, because it measures the process's memory.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CrowdTests : IDisposable
{
    private const string Name = "Measures memory";

    private const int Callers = 200;
    private const int Tokens = 96;

    // Far more than 200 connections and 200 prompts take, and far less than a queue without a bound would after some rounds.
    private const long MostHeapGrowth = 96L << 20;
    private const long MostResidentGrowth = 512L << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly TinyModel _model = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task Two_hundred_callers_at_sixteen_places_are_all_answered_or_told_when_to_come_back()
    {
        await using var host = await PolicyHost.StartModelAsync(_model.Folder, "--O1CODER_MAX_SEQUENCES", "16", "--O1CODER_QUEUE", "24");
        await AskAsync(host, 0);
        var (heap, resident) = Measure();
        var told = 0;
        for (var round = 0; round < 2; round++)
        {
            var all = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => AskAsync(host, caller)));

            // Whoever was told came back when it was told to, until it was answered.
            Assert.All(all, one => Assert.Equal(Tokens, one.Tokens));
            told += all.Sum(one => one.Told);
        }

        var (heapAfter, residentAfter) = Measure();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"told to come back {told} times; heap {heap >> 20} to {heapAfter >> 20} MiB, resident {resident >> 20} to {residentAfter >> 20} MiB");
        Assert.True(told > 0, "nobody was told to come back: the queue had no bound");
        Assert.InRange(heapAfter - heap, long.MinValue, MostHeapGrowth);
        Assert.InRange(residentAfter - resident, long.MinValue, MostResidentGrowth);
        Assert.Equal(Tokens, (await AskAsync(host, 1)).Tokens);
    }

    [Fact]
    public async Task A_client_of_grpcs_own_comes_back_when_it_is_told_to()
    {
        var pause = TimeSpan.FromMilliseconds(700);
        var asked = 0;
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine
        {
            Script = stop => Interlocked.Increment(ref asked) == 1
                ? throw new EngineBusyException("the queue is full", pause)
                : ScriptedEngine.Of([new GenerationUsage(1, 0, 1, default, default, default)], stop),
        });
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions
        {
            ServiceConfig = new ServiceConfig
            {
                MethodConfigs =
                {
                    new MethodConfig
                    {
                        Names = { MethodName.Default },
                        RetryPolicy = new RetryPolicy
                        {
                            MaxAttempts = 3,
                            InitialBackoff = TimeSpan.FromMilliseconds(1),
                            MaxBackoff = TimeSpan.FromMilliseconds(1),
                            BackoffMultiplier = 1,
                            RetryableStatusCodes = { StatusCode.ResourceExhausted },
                        },
                    },
                },
            },
        });
        var clock = Stopwatch.StartNew();
        using var call = new V1.PolicyService.PolicyServiceClient(channel).Generate(Requests.Generate(), cancellationToken: Cancellation);

        Assert.True(await call.ResponseStream.MoveNext(Cancellation));

        // Without the hint it would have been back after a millisecond.
        Assert.True(clock.Elapsed >= pause, $"it was back after {clock.Elapsed}");
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_caller_of_this_solution_comes_back_when_it_is_told_to_and_gives_up_in_time()
    {
        var asked = 0;
        var pause = TimeSpan.FromMilliseconds(300);
        var pipeline = Retries.While([StatusCode.ResourceExhausted], 1, TimeSpan.FromMilliseconds(1));
        var clock = Stopwatch.StartNew();

        // More often than the pipeline tries by itself: it was asked to.
        var answer = await DownstreamCall.RunAsync("policy", pipeline, _ => ++asked <= 3
            ? throw RetryHint.ResourceExhausted("full", pause)
            : Task.FromResult(asked), Cancellation);

        Assert.Equal(4, answer);
        Assert.True(clock.Elapsed >= 3 * pause, $"it was back after {clock.Elapsed}");

        // A pause that nobody has time for is not made.
        asked = 0;
        var error = await Assert.ThrowsAsync<RpcException>(() => DownstreamCall.RunAsync<int>("policy", pipeline, _ =>
        {
            asked++;
            throw RetryHint.ResourceExhausted("full", TimeSpan.FromHours(1));
        }, Cancellation));
        Assert.Equal((StatusCode.ResourceExhausted, 1), (error.StatusCode, asked));
    }

    [Theory]
    [InlineData("250", 250)]
    [InlineData("0", 0)]
    [InlineData("-1", null)]
    [InlineData("soon", null)]
    public void A_hint_is_read_from_the_trailer(string told, int? milliseconds)
    {
        var error = new RpcException(new Status(StatusCode.ResourceExhausted, ""), new Metadata { { RetryHint.PushbackTrailer, told } });

        Assert.Equal(milliseconds, (int?)RetryHint.Of(error)?.TotalMilliseconds);
    }

    [Fact]
    public void A_hint_is_read_from_RetryInfo_too()
    {
        var error = RetryHint.ResourceExhausted("full", TimeSpan.FromMilliseconds(1500.5));
        var details = new Metadata { error.Trailers.Get("grpc-status-details-bin")! };

        Assert.Equal("1501", error.Trailers.GetValue(RetryHint.PushbackTrailer));
        Assert.Equal(TimeSpan.FromMilliseconds(1501), RetryHint.Of(new RpcException(error.Status, details)));
        Assert.Null(RetryHint.Of(new RpcException(error.Status)));
    }

    private static (long Heap, long Resident) Measure()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64);
    }

    // Each caller has a connection of its own.
    private static async Task<(int Tokens, int Told)> AskAsync(PolicyHost host, int caller)
    {
        using var channel = GrpcChannel.ForAddress(host.Address);
        var client = new V1.PolicyService.PolicyServiceClient(channel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(s_patience);
        var request = new V1.GenerateRequest
        {
            Prompt = new V1.Prompt { Parts = { Requests.Text($"caller {caller}, its prompt") } },
            Sampling = new V1.SamplingParameters { Temperature = 1, MaxTokens = Tokens, Seed = (ulong)caller, LogitBias = { [257] = -100, [258] = -100 } },
            Ticket = new V1.QueueTicket { Caller = $"caller-{caller}", Priority = (V1.Priority)(caller % 4) },
        };
        for (var told = 0; ; told++)
        {
            try
            {
                using var call = client.Generate(request, cancellationToken: limit.Token);
                var tokens = 0;
                await foreach (var one in call.ResponseStream.ReadAllAsync(limit.Token))
                {
                    tokens += one.Chunk?.TokenIds.Count ?? 0;
                }

                return (tokens, told);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.ResourceExhausted)
            {
                var pause = RetryHint.Of(error);
                Assert.NotNull(pause);
                await Task.Delay(pause.Value, limit.Token);
            }
        }
    }
}
