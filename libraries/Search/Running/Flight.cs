using System.Threading.Channels;

namespace O1Coder.Search;

/// <summary>A rollout under way: its work runs, its drafts wait for its turn.</summary>
internal sealed class Flight
{
    private readonly Channel<Draft> _drafts = Channel.CreateUnbounded<Draft>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly SearchNode _node;
    private readonly Task _work;

    /// <summary>Begins a rollout; its node and the nodes above count one unobserved visit from now on.</summary>
    public Flight(int number, SearchState state, MethodRun run, Choice choice, CancellationToken cancellationToken)
    {
        _node = choice.Node;
        Observe(+1);
        var rollout = new Rollout(number, state, run, _drafts.Writer);
        _work = WorkAsync(rollout, choice, cancellationToken);
    }

    /// <summary>What it has worked out, in order; completed with the work's exception where it failed.</summary>
    public ChannelReader<Draft> Drafts => _drafts.Reader;

    /// <summary>Takes back the unobserved visits: the rollout's backup is in the tree, or never will be.</summary>
    public void Land() => Observe(-1);

    /// <summary>Waits until the work is over, however it ended.</summary>
    public async Task SettleAsync() =>
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task WorkAsync(Rollout rollout, Choice choice, CancellationToken cancellationToken)
    {
        try
        {
            await choice.Work(rollout, cancellationToken);
            _drafts.Writer.Complete();
        }
        catch (Exception error)
        {
            // Not lost: whose turn it is reads the drafts and gets it.
            _drafts.Writer.Complete(error);
        }
    }

    private void Observe(int visits)
    {
        for (var node = _node; node is not null; node = node.Parent)
        {
            node.Unobserved += visits;
        }
    }
}
