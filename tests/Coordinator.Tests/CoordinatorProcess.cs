using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;

namespace O1Coder.Coordinator.Tests;

/// <summary>A coordinator as a process of its own, which can be killed.</summary>
internal sealed class CoordinatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;

    private CoordinatorProcess(Process process, GrpcChannel channel)
    {
        _process = process;
        _output = process.StandardError.ReadToEndAsync();
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        Channel = channel;
    }

    /// <summary>A connection to it.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>Its search service.</summary>
    public V1.SearchService.SearchServiceClient Client => new(Channel);

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="settings">Environment variables.</param>
    public static async Task<CoordinatorProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var start = new ProcessStartInfo("dotnet", [typeof(SearchRunner).Assembly.Location])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["ASPNETCORE_URLS"] = address, ["Logging__LogLevel__Default"] = "Warning" },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var one = new CoordinatorProcess(Process.Start(start)!, GrpcChannel.ForAddress(address));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var call = one.Client.WatchSearch(new V1.WatchSearchRequest(), cancellationToken: patience.Token);
                await call.ResponseStream.MoveNext(patience.Token);
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.InvalidArgument)
            {
                // It is there, and refuses a search without a name.
                return one;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
            {
                if (one._process.HasExited)
                {
                    Assert.Fail($"the coordinator ended with {one._process.ExitCode}: {await one._output}");
                }

                await Task.Delay(50, patience.Token);
            }
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        await _output;
        _process.Dispose();
    }
}
