using O1Coder.V1;

namespace O1Coder.Cli.Tests;

/// <summary>Events of a search, for scripts.</summary>
internal static class Events
{
    public static SolveResponse Started(int visible = 2, int hidden = 3, int rollouts = 4) => new()
    {
        Sequence = 1,
        Started = new SearchStarted
        {
            SearchId = "20260101-000000-add",
            Folder = "runs/20260101-000000-add",
            Model = new ModelIdentity { ModelId = "tiny-coder", ModelHash = new string('a', 64) },
            Options = new SearchOptions { Strategy = Strategy.Mcts, Seed = 7 },
            Budget = new Budget { Rollouts = rollouts },
            VisibleTests = visible,
            HiddenTests = hidden,
        },
    };

    public static SolveResponse Node(int node, int parent, StepAction action, int depth, string text = "a step") => new()
    {
        NodeAdded = new NodeAdded
        {
            Node = node,
            Parent = parent,
            Action = action,
            Depth = depth,
            Text = text,
            Terminal = action == StepAction.Code,
            Tokens = 10,
        },
    };

    public static SolveResponse Judged(
        int node, int passed, int total, Verdict verdict, string message = "", string? program = null, double? value = null) => new()
        {
            ProgramJudged = new ProgramJudged
            {
                Node = node,
                Program = program ?? $"def add(a, b):\n    return {node}\n",
                Verdict = verdict,
                Passed = passed,
                Total = total,
                Value = value ?? (0.1 + (0.9 * passed / total)),
                Message = message,
            },
        };

    public static SolveResponse Rollout(int rollout, double value, params int[] path) =>
        new() { RolloutFinished = new RolloutFinished { Rollout = rollout, Value = value, Path = { path } } };

    public static SearchProgress Totals(int rollouts, int nodes, double best, double seconds = 2) => new()
    {
        Rollouts = rollouts,
        BestValue = best,
        Nodes = nodes,
        Depth = 2,
        Programs = 2,
        GeneratedTokens = 120,
        TokensPerSecond = 61.5,
        PromptTokens = 1000,
        CachedPromptTokens = 800,
        Seconds = seconds,
        Activity = "writing a program",
    };

    public static SolveResponse Progress(int rollouts, int nodes, double best) =>
        new() { Progress = Totals(rollouts, nodes, best) };

    public static SolveResponse Finished(Outcome outcome, string program, Judgement? judgement, double value = 1) => new()
    {
        Finished = new SearchFinished
        {
            Outcome = outcome,
            Program = program,
            Node = 3,
            Value = value,
            Judgement = judgement,
            Totals = Totals(2, 4, value),
            LogPath = "runs/20260101-000000-add/events.jsonl",
            TracePath = "runs/20260101-000000-add/trace.md",
            TreeHash = new string('b', 64),
        },
    };

    /// <summary>A short search that ends as <paramref name="outcome"/> says.</summary>
    public static SolveResponse[] Search(Outcome outcome, string program = "def add(a, b):\n    return a + b\n") =>
    [
        Started(),
        Node(1, 0, StepAction.DefineStructure, 1, "### Step 1: one function"),
        Node(2, 1, StepAction.Code, 2),
        Judged(2, 1, 2, Verdict.WrongAnswer, "add(1, 2): expected 3, got 2"),
        Rollout(1, 0.55, 0, 1, 2),
        Progress(1, 3, 0.55),
        Node(3, 1, StepAction.Code, 2),
        outcome == Outcome.BudgetSpent
            ? Judged(3, 0, 2, Verdict.RuntimeError, "NameError: name 'x' is not defined")
            : Judged(3, 2, 2, Verdict.Accepted, program: program),
        Rollout(2, 1, 0, 1, 3),
        Finished(outcome, program, outcome switch
        {
            Outcome.Solved => new Judgement { Verdict = Verdict.Accepted, Passed = 5, Total = 5, HiddenPassed = 3, HiddenTotal = 3 },
            Outcome.HiddenTestsFailed => new Judgement
            {
                Verdict = Verdict.WrongAnswer, Passed = 3, Total = 5, HiddenPassed = 1, HiddenTotal = 3, Message = "add(-1, 1): expected 0, got 2",
            },
            _ => new Judgement { Verdict = Verdict.WrongAnswer, Passed = 2, Total = 5, HiddenPassed = 1, HiddenTotal = 3 },
        }),
    ];
}
