using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.ServiceDefaults;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>
/// Runs the programs of a call of ExecuteBatch. So many are under way at once and so many results wait to be sent; beyond
/// that nothing is read from the caller, so a call takes the same memory however long it is and however slowly it is read.
/// </summary>
internal sealed class BatchRunner(
    TestRunner runner, Admission admission, IdempotentAnswers answers, IOptions<SandboxOptions> options, IHostApplicationLifetime lifetime)
{
    private const int MostIdCharacters = 128;
    private const int MostPrograms = 1_000_000;
    private const int ResultsAhead = 64;

    /// <summary>Programs of a call that are under way at once.</summary>
    public int AtOnce { get; } = Math.Max(8, 2 * options.Value.Concurrency);

    /// <summary>Runs what comes until the caller has sent all; every result is sent when it returns.</summary>
    /// <exception cref="RpcException">
    /// ResourceExhausted: the queue is full, or the call has too many programs; FailedPrecondition; Unavailable: the service
    /// stops, and of the programs without a response none was run.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; nothing of the call runs any more.</exception>
    public async Task RunAsync(IAsyncStreamReader<ExecuteBatchRequest> requests, IServerStreamWriter<ExecuteBatchResponse> responses, CancellationToken cancellationToken)
    {
        using var turn = admission.Enter();
        using var call = new BatchCall(AtOnce, ResultsAhead, cancellationToken);
        var sending = SendAsync(call, responses);
        var stopped = await ReadAsync(requests, call, turn);
        await call.EndAsync();
        await sending;
        call.ThrowIfFailed();
        cancellationToken.ThrowIfCancellationRequested();
        if (stopped)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the sandbox is stopping; programs without a response were not run: try again"));
        }
    }

    /// <summary>Starts programs as they come; returns whether the service stops before all have come.</summary>
    private async Task<bool> ReadAsync(IAsyncStreamReader<ExecuteBatchRequest> requests, BatchCall call, CallTurn turn)
    {
        var names = new HashSet<UInt128>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.Stopped, lifetime.ApplicationStopping);
        try
        {
            while (await call.HasRoomAsync(ending.Token) && await requests.MoveNext(ending.Token))
            {
                var item = requests.Current;
                var isNew = names.Add(BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(item.Id))));
                if (names.Count > MostPrograms)
                {
                    throw new RpcException(new Status(StatusCode.ResourceExhausted, $"a call has at most {MostPrograms} programs; begin another"));
                }

                call.Start(() => RunProgramAsync(item, isNew, turn.AddProgram(), call), item.Id);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return !call.Stopped.IsCancellationRequested;
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }

        return false;
    }

    private async Task<ExecuteBatchResponse> RunProgramAsync(ExecuteBatchRequest item, bool isNew, ProgramTurn turn, BatchCall call)
    {
        InvalidArgument.ThrowUnless(item.Id.Length is >= 1 and <= MostIdCharacters, "id", item.Id, $"1 to {MostIdCharacters} characters");
        InvalidArgument.ThrowUnless(isNew, "id", item.Id, "a name that no other program of the call has");
        InvalidArgument.ThrowUnless(item.Request is not null, "request", null, "a program and its tests");
        var limits = RequestValidation.Check(item.Request, options.Value);
        var isKeyed = item.Request.IdempotencyKey.Length > 0;
        Task Send(TestResult result) => call.SendAsync(new ExecuteBatchResponse { Id = item.Id, Test = result });
        // The answer of a key may be another call's: its results are told when it is there.
        var response = await answers.GetAsync(item.Request,
            token => runner.RunAsync(item.Request, limits, turn, isKeyed ? _ => Task.CompletedTask : Send, token), call.Stopped);
        foreach (var result in isKeyed ? [.. response.Results] : Array.Empty<TestResult>())
        {
            await Send(result);
        }

        return new ExecuteBatchResponse { Id = item.Id, Response = response };
    }

    private static async Task SendAsync(BatchCall call, IServerStreamWriter<ExecuteBatchResponse> responses)
    {
        try
        {
            await foreach (var result in call.Results.ReadAllAsync(call.Stopped))
            {
                await responses.WriteAsync(result, call.Stopped);
            }
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }
}
