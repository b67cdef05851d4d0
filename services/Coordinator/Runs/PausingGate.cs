using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// Lets a search make so many rollouts in all; then it is left as it stands, without an end in its log, or, where nothing more
/// will be granted, ended.
/// </summary>
/// <param name="rollouts">Rollouts that are granted in all.</param>
/// <param name="grant">Rollouts of one grant.</param>
/// <param name="last">Whether the search ends there.</param>
internal sealed class PausingGate(int rollouts, int grant, bool last) : IEffortGate, IDisposable
{
    private readonly CancellationTokenSource _pause = new();

    /// <summary>Cancelled when the search is to be left as it stands.</summary>
    public CancellationToken Paused => _pause.Token;

    /// <summary>Rollouts of one grant.</summary>
    public int Grant => grant;

    /// <summary>How the search stood when it was asked last.</summary>
    public Standing Standing { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<bool> MoreAsync(Standing standing, CancellationToken cancellationToken)
    {
        Standing = standing;
        if (standing.Rollouts < rollouts)
        {
            return true;
        }

        if (last)
        {
            return false;
        }

        await _pause.CancelAsync();
        throw new OperationCanceledException("the grant is used up", _pause.Token);
    }

    /// <inheritdoc/>
    public void Dispose() => _pause.Dispose();
}
