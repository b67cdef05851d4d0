using System.Threading.Channels;

namespace O1Coder.Coordinator;

/// <summary>Tells the client what happens: steps always, progress as often as it makes sense and there is room.</summary>
internal sealed class PlayProgress(ChannelWriter<V1.PlayResponse> output, TimeSpan interval, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private long _last;
    private int _lastDone = -1;

    /// <summary>Tells an event.</summary>
    public ValueTask EmitAsync(V1.PlayResponse one, CancellationToken cancellationToken)
    {
        _lastDone = -1;
        return output.WriteAsync(one, cancellationToken);
    }

    /// <summary>Tells where a step stands, unless that was told a moment ago.</summary>
    public void Report(V1.StepProgress progress)
    {
        lock (_lock)
        {
            if (progress.Done == _lastDone && clock.GetElapsedTime(_last) < interval)
            {
                return;
            }

            _last = clock.GetTimestamp();
            _lastDone = progress.Done;
            output.TryWrite(new V1.PlayResponse { Progress = progress });
        }
    }
}
