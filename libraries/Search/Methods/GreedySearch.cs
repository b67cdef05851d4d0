namespace O1Coder.Search;

/// <summary>One program, the likeliest token each time: the baseline that every method has to beat.</summary>
public sealed class GreedySearch : SearchMethod
{
    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "greedy",
        Summary = "one program, the likeliest token each time",
        Paper = "baseline",
    };

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run(SearchState state) : MethodRun(state)
    {
        public override int MostRollouts => 1;

        public override Choice Next(int number) => FastAnswer.Of(
            State.Tree.Root,
            new SimulationEvaluation(State.Options, new PlanExpansion(State.Options, Wanted.Steps), SumBackup.Instance));
    }
}
