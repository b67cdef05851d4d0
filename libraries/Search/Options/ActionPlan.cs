namespace O1Coder.Search;

/// <summary>
/// Which actions the children of one expansion take. Each list is a pattern that is repeated until the expansion has
/// as many children as asked for. A node widens when it is expanded again.
/// </summary>
/// <param name="Root">The first expansion of the root; the fast answer does not count.</param>
/// <param name="RootWidening">Further expansions of the root.</param>
/// <param name="Step">The first expansion of an outline or refinement.</param>
/// <param name="StepWidening">Further expansions of an outline or refinement.</param>
/// <param name="CodeAtDepthLimit">
/// A node whose children reach the depth limit gets programs alone. Without it a path may end at the limit without a
/// program, which is worth 0, as in o1-Coder's code.
/// </param>
public sealed record ActionPlan(
    IReadOnlyList<StepAction> Root,
    IReadOnlyList<StepAction> RootWidening,
    IReadOnlyList<StepAction> Step,
    IReadOnlyList<StepAction> StepWidening,
    bool CodeAtDepthLimit)
{
    /// <summary>
    /// Direct programs and outlines compete: two programs to one outline at the root, two programs to one refinement
    /// after a step, programs when a node widens. A small model that was not trained to reason writes no
    /// better programs after an outline, which costs tokens, while its samples are diverse, so that breadth pays.
    /// </summary>
    public static ActionPlan Competing { get; } = new(
        Root: [StepAction.Code, StepAction.Code, StepAction.DefineStructure],
        RootWidening: [StepAction.Code],
        Step: [StepAction.Code, StepAction.Code, StepAction.Refine],
        StepWidening: [StepAction.Code],
        CodeAtDepthLimit: true);

    /// <summary>
    /// The paper's order (o1-Coder, section 3.2.1): structure first, then any number of refinements, then code. After
    /// a step half of the children refine and half write the program; widening repeats the same choice.
    /// </summary>
    public static ActionPlan Paper { get; } = new(
        Root: [StepAction.DefineStructure],
        RootWidening: [StepAction.DefineStructure],
        Step: [StepAction.Refine, StepAction.Code],
        StepWidening: [StepAction.Refine, StepAction.Code],
        CodeAtDepthLimit: true);

    /// <summary>Programs straight from the problem, no reasoning steps.</summary>
    public static ActionPlan Direct { get; } = new(
        [StepAction.Code], [StepAction.Code], [StepAction.Code], [StepAction.Code], CodeAtDepthLimit: true);

    /// <summary>The plan called competing, paper or direct.</summary>
    /// <exception cref="ArgumentException">There is no such plan.</exception>
    public static ActionPlan Named(string name) => name switch
    {
        "competing" => Competing,
        "paper" => Paper,
        "direct" => Direct,
        _ => throw new ArgumentException($"action plan is '{name}': expected competing, paper or direct", nameof(name)),
    };

    /// <summary>The actions of one expansion with their counts, in the order of their first mention.</summary>
    /// <param name="depth">Depth of the node that gets children.</param>
    /// <param name="widening">Whether it was expanded before.</param>
    /// <param name="children">How many children, at least 1.</param>
    /// <param name="maxDepth">The depth limit; see <see cref="SearchOptions.MaxDepth"/>.</param>
    public IReadOnlyList<(StepAction Action, int Count)> Allocate(int depth, bool widening, int children, int maxDepth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(children);
        if (CodeAtDepthLimit && depth + 1 >= maxDepth)
        {
            return [(StepAction.Code, children)];
        }

        var pattern = (depth, widening) switch
        {
            (0, false) => Root,
            (0, true) => RootWidening,
            (_, false) => Step,
            (_, true) => StepWidening,
        };
        return
        [
            .. Enumerable.Range(0, children)
                .GroupBy(i => pattern[i % pattern.Count])
                .Select(group => (group.Key, group.Count())),
        ];
    }

    /// <summary>Checks the patterns.</summary>
    /// <exception cref="ArgumentException">A pattern is empty or holds an action that cannot stand there.</exception>
    public void Validate()
    {
        Check(Root, nameof(Root), StepAction.DefineStructure);
        Check(RootWidening, nameof(RootWidening), StepAction.DefineStructure);
        Check(Step, nameof(Step), StepAction.Refine);
        Check(StepWidening, nameof(StepWidening), StepAction.Refine);
    }

    private static void Check(IReadOnlyList<StepAction> pattern, string field, StepAction thought) => OptionCheck.Require(
        pattern.Count > 0 && pattern.All(action => action == thought || action == StepAction.Code),
        $"{nameof(ActionPlan)}.{field}", string.Join(", ", pattern), $"one or more of {thought} and {StepAction.Code}");
}
