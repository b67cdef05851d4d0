namespace O1Coder.Search;

/// <summary>
/// Independent programs straight from the problem, judged in the order they came, until one passes or there are as
/// many as rollouts: the baseline "repeated sampling". A program that came before takes over its verdict. Programs are
/// asked for <see cref="SearchOptions.SamplesPerRequest"/> at a time; with more rollouts under way than that the next ones
/// are written while the last are judged.
/// </summary>
public sealed class SampleSearch : SearchMethod
{
    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "sample",
        Summary = "independent programs until one passes",
        Paper = "repeated sampling (Brown et al. 2024, arXiv 2407.21787)",
    };

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run(SearchState state) : MethodRun(state)
    {
        private readonly SearchNode _root = state.Tree.Root;
        private int _asked;

        public override Choice? Next(int number)
        {
            if (number > _asked)
            {
                var count = Math.Min(State.Options.SamplesPerRequest, State.Request.Budget.Rollouts - _asked);
                var expansion = SearchState.TakeExpansion(_root);
                _asked += count;
                return new Choice(_root, async (rollout, cancellationToken) =>
                {
                    var children = await rollout.ExpandAsync(
                        _root, expansion, [(StepAction.Code, count)], Wanted.Steps, cancellationToken);
                    await rollout.FinishAsync(children[0], SumBackup.Instance, cancellationToken);
                });
            }

            if (number > _root.Children.Count)
            {
                return null;
            }

            var leaf = _root.Children[number - 1];
            return new Choice(leaf, (rollout, cancellationToken) => rollout.FinishAsync(leaf, SumBackup.Instance, cancellationToken));
        }
    }
}
