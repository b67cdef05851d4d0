using Grpc.Core;
using Microsoft.Extensions.Options;

namespace O1Coder.Sandbox;

/// <summary>
/// Bounds the boxes under way and the calls that wait, and says whose turn it is. Boxes go round by call, then by program
/// within the call, then in the order of asking: a call of a thousand tests does not hold up one of a single test, nor
/// does a program of a thousand tests hold up another of the same batch.
/// </summary>
internal sealed class Admission(IOptions<SandboxOptions> options)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<CallTurn> _waiting = [];
    private int _free = options.Value.Concurrency;
    private int _requests;
    private int _wanting;

    /// <summary>Calls under way or waiting.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Tests that wait for a box.</summary>
    public int Waiting => Volatile.Read(ref _wanting);

    /// <summary>Boxes at once, over all calls.</summary>
    public int Boxes { get; } = options.Value.Concurrency;

    /// <summary>Takes a place for a call.</summary>
    /// <returns>Dispose it to give the place back.</returns>
    /// <exception cref="RpcException">ResourceExhausted: the queue is full.</exception>
    public CallTurn Enter()
    {
        if (Interlocked.Increment(ref _requests) > options.Value.Queue)
        {
            Interlocked.Decrement(ref _requests);
            throw new RpcException(new Status(StatusCode.ResourceExhausted,
                $"the sandbox has {options.Value.Queue} requests under way or waiting; try again later"));
        }

        return new CallTurn(this);
    }

    /// <summary>Gives a call's place back.</summary>
    internal void Leave() => Interlocked.Decrement(ref _requests);

    /// <summary>Waits until it is the program's turn and a box is free.</summary>
    /// <returns>Dispose it to give the box back.</returns>
    internal async Task<IDisposable> TakeBoxAsync(ProgramTurn program, CancellationToken cancellationToken)
    {
        var wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_free > 0)
            {
                // While a box is free nobody waits.
                _free--;
                return new Box(this);
            }

            program.Wanted.AddLast(wanted);
            _wanting++;
            if (program.Wanted.Count == 1)
            {
                program.Call.Waiting.AddLast(program);
                if (program.Call.Waiting.Count == 1)
                {
                    _waiting.AddLast(program.Call);
                }
            }
        }

        await using var registration = cancellationToken.Register(() => GiveUp(program, wanted, cancellationToken));
        await wanted.Task;
        return new Box(this);
    }

    private void GiveUp(ProgramTurn program, TaskCompletionSource wanted, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!program.Wanted.Remove(wanted))
            {
                return; // it has its box
            }

            _wanting--;

            if (program.Wanted.Count == 0)
            {
                program.Call.Waiting.Remove(program);
                if (program.Call.Waiting.Count == 0)
                {
                    _waiting.Remove(program.Call);
                }
            }
        }

        wanted.TrySetCanceled(cancellationToken);
    }

    private void Return()
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            if (_waiting.First?.Value is not { } call)
            {
                _free++;
                return;
            }

            // The call goes to the end of the round, and so does the program within it.
            _waiting.RemoveFirst();
            var program = call.Waiting.First!.Value;
            call.Waiting.RemoveFirst();
            next = program.Wanted.First!.Value;
            program.Wanted.RemoveFirst();
            _wanting--;
            if (program.Wanted.Count > 0)
            {
                call.Waiting.AddLast(program);
            }

            if (call.Waiting.Count > 0)
            {
                _waiting.AddLast(call);
            }
        }

        next.SetResult();
    }

    private sealed class Box(Admission admission) : IDisposable
    {
        private Admission? _admission = admission;

        public void Dispose() => Interlocked.Exchange(ref _admission, null)?.Return();
    }
}
