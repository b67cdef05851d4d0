using System.Collections.Immutable;
using O1Coder.V1;

namespace O1Coder.Cli.Searching;

/// <summary>
/// All that a screen shows of a search. A pure fold over the stream of events: <see cref="Apply(SolveResponse)"/> gives the next state
/// and touches nothing else, so that the live view, the plain log and the JSON result cannot disagree.
/// </summary>
internal sealed record SearchView
{
    private const int RecentPrograms = 12;

    /// <summary>The problem's name.</summary>
    public required string ProblemId { get; init; }

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }

    /// <summary>How hard the problem says it is; empty where it says nothing.</summary>
    public required string Difficulty { get; init; }

    /// <summary>How a program is looked for.</summary>
    public required string Method { get; init; }

    /// <summary>Everything random comes from this.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What may be spent; 0 is no such limit.</summary>
    public required Budget Budget { get; init; }

    /// <summary>Tests that the search sees.</summary>
    public required int VisibleTests { get; init; }

    /// <summary>Tests kept for the judgement.</summary>
    public required int HiddenTests { get; init; }

    /// <summary>The visible tests where the model wrote them; else empty.</summary>
    public ImmutableList<GeneratedTest> GeneratedTests { get; init; } = [];

    /// <summary>Whether the verdict rests on tests that the model wrote: there were no others to judge by.</summary>
    public bool RestsOnGeneratedTests { get; init; }

    /// <summary>The search's name; empty before it began.</summary>
    public string SearchId { get; init; } = "";

    /// <summary>The folder of its log and trace; empty before it began.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The model that answers; empty before the search began.</summary>
    public string Model { get; init; } = "";

    /// <summary>The version of the adapter that the model runs with; empty for none.</summary>
    public string AdapterVersion { get; init; } = "";

    /// <summary>The weights for people: the model, and the adapter if there is one.</summary>
    public string Weights => AdapterVersion.Length == 0 ? Model : $"{Model} with adapter {AdapterVersion}";

    /// <summary>The tree by node number; the root is there from the beginning.</summary>
    public ImmutableDictionary<int, NodeView> Tree { get; init; } = ImmutableDictionary<int, NodeView>.Empty
        .Add(0, new NodeView(0, -1, StepAction.Unspecified, 0, "", false));

    /// <summary>The programs judged last, newest first.</summary>
    public ImmutableList<JudgedProgram> Recent { get; init; } = [];

    /// <summary>The best program so far: one that passes, else the first of those with the highest value.</summary>
    public JudgedProgram? Best { get; init; }

    /// <summary>Nodes from the root to the leaf of the last rollout.</summary>
    public ImmutableArray<int> LastPath { get; init; } = [];

    /// <summary>Rollouts done.</summary>
    public int Rollouts { get; init; }

    /// <summary>Programs judged: as many as were seen, or as the coordinator counts if that is more.</summary>
    public int Programs => Math.Max(SeenPrograms, CountedPrograms);

    /// <summary>Nodes in the tree, the root included.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The tree's depth.</summary>
    public int Depth { get; init; }

    /// <summary>Tokens generated.</summary>
    public long Tokens { get; init; }

    /// <summary>Tokens a second over the last seconds, as the coordinator measures it.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Prompt tokens asked for.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Those of them that the prefix cache held.</summary>
    public long CachedPromptTokens { get; init; }

    /// <summary>Seconds since the search began, by the coordinator's clock.</summary>
    public double Seconds { get; init; }

    /// <summary>What it is doing now, for people.</summary>
    public string Activity { get; init; } = "starting";

    /// <summary>How it ended; null before.</summary>
    public SearchFinished? Finished { get; init; }

    // Apart, since a progress message may come before or after the judgement that it counts.
    private int SeenPrograms { get; init; }

    private int CountedPrograms { get; init; }

    /// <summary>Whether the search has begun.</summary>
    public bool HasStarted => SearchId.Length > 0;

    /// <summary>The best value on the visible tests so far, 0 before the first program.</summary>
    public double BestValue => Best?.Value ?? 0;

    /// <summary>The part of the prompt tokens that did not have to be computed, in [0, 1]; null before the first.</summary>
    public double? CachedShare =>
        PromptTokens <= 0 ? null : Math.Clamp((double)CachedPromptTokens / PromptTokens, 0, 1);

    /// <summary>The program to hand over: the one the search ended with, else the best so far, else empty.</summary>
    public string Program => Finished is { Program.Length: > 0 } finished ? finished.Program : Best?.Program ?? "";

    /// <summary>The state after one more event; an unknown event changes nothing.</summary>
    public SearchView Apply(SolveResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.EventCase switch
        {
            SolveResponse.EventOneofCase.Started => Apply(response.Started),
            SolveResponse.EventOneofCase.NodeAdded => Apply(response.NodeAdded),
            SolveResponse.EventOneofCase.ProgramJudged => Apply(response.ProgramJudged),
            SolveResponse.EventOneofCase.RolloutFinished => Apply(response.RolloutFinished),
            SolveResponse.EventOneofCase.Progress => Apply(response.Progress),
            SolveResponse.EventOneofCase.Finished => Apply(response.Finished),
            _ => this,
        };
    }

    /// <summary>The nodes from below the root to <paramref name="node"/>; empty for the root and for unknown nodes.</summary>
    public ImmutableArray<NodeView> PathTo(int node)
    {
        var path = ImmutableArray.CreateBuilder<NodeView>();

        // The bound keeps a malformed stream, whose parents form a ring, from holding the screen.
        while (node != 0 && Tree.TryGetValue(node, out var view) && path.Count < Tree.Count)
        {
            path.Add(view);
            node = view.Parent;
        }

        path.Reverse();
        return path.ToImmutable();
    }

    private SearchView Apply(SearchStarted started) => this with
    {
        SearchId = started.SearchId,
        Folder = started.Folder,
        Model = started.Model?.ModelId ?? "",
        AdapterVersion = started.Model?.AdapterVersion ?? "",
        Method = started.Options is { Method.Length: > 0 } options ? options.Method : Method,
        Seed = started.Options?.Seed ?? Seed,
        Budget = started.Budget ?? Budget,
        VisibleTests = started.VisibleTests,

        // Generated tests that judge too are told as hidden ones as well.
        RestsOnGeneratedTests = started.GeneratedTests.Count > 0 && HiddenTests == 0,
        HiddenTests = started.GeneratedTests.Count > 0 ? HiddenTests : started.HiddenTests,
        GeneratedTests = [.. started.GeneratedTests],
        Activity = "thinking",
    };

    private SearchView Apply(NodeAdded added) => this with
    {
        Tree = Tree.SetItem(added.Node, new NodeView(
            added.Node, added.Node == 0 ? -1 : added.Parent, added.Action, added.Depth, added.Text, added.Terminal)),
        Nodes = Math.Max(Nodes, added.Node + 1),
        Depth = Math.Max(Depth, added.Depth),
    };

    private SearchView Apply(ProgramJudged judged)
    {
        var program = new JudgedProgram(judged.Node, judged.Program, judged.Verdict, judged.Passed, judged.Total,
            judged.Value, judged.Message, judged.Cached);
        var recent = Recent.Insert(0, program);
        return this with
        {
            Recent = recent.Count > RecentPrograms ? recent.RemoveAt(RecentPrograms) : recent,
            Best = IsBest(program) ? program : Best,
            SeenPrograms = SeenPrograms + 1,
            Tree = Tree.TryGetValue(judged.Node, out var node) ? Tree.SetItem(judged.Node, node with { Judged = program }) : Tree,
        };
    }

    // As the coordinator ranks: a failure of the sandbox says nothing about the program, and one that passes comes first.
    private bool IsBest(JudgedProgram program) => program.Verdict is not (Verdict.InternalError or Verdict.Unspecified)
        && (Best is null || (program.Verdict == Verdict.Accepted, program.Value).CompareTo((Best.Verdict == Verdict.Accepted, Best.Value)) > 0);

    private SearchView Apply(RolloutFinished rollout)
    {
        var tree = Tree.ToBuilder();
        foreach (var number in rollout.Path)
        {
            if (tree.TryGetValue(number, out var node))
            {
                tree[number] = node with { Visits = node.Visits + 1, ValueSum = node.ValueSum + rollout.Value };
            }
        }

        return this with
        {
            Rollouts = Math.Max(Rollouts, rollout.Rollout),
            LastPath = [.. rollout.Path],
            Tree = tree.ToImmutable(),
        };
    }

    private SearchView Apply(SearchProgress progress) => this with
    {
        Rollouts = Math.Max(Rollouts, progress.Rollouts),
        Nodes = Math.Max(Nodes, progress.Nodes),
        Depth = Math.Max(Depth, progress.Depth),
        CountedPrograms = progress.Programs,
        Tokens = progress.GeneratedTokens,
        TokensPerSecond = progress.TokensPerSecond,
        PromptTokens = progress.PromptTokens,
        CachedPromptTokens = progress.CachedPromptTokens,
        Seconds = progress.Seconds,
        Activity = progress.Activity.Length > 0 ? progress.Activity : Activity,
    };

    private SearchView Apply(SearchFinished finished) =>
        (finished.Totals is { } totals ? Apply(totals) : this) with { Finished = finished, Activity = "done" };
}
