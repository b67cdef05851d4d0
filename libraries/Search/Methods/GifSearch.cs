namespace O1Coder.Search;

/// <summary>
/// GIF-MCTS (Dainese et al. 2024, arXiv 2405.15383, section 4; code: nicoladainese96/code-world-models,
/// <c>src/mcts/gif_mcts</c>): nodes are whole programs, actions are calls of the model. At depth d the first L·d lines of
/// a node's program are its state: <b>generate</b> writes a program that goes on from them, <b>improve</b> a new program
/// from the whole one and a failing test, <b>fix</b> from one that does not compile and its error. The root is generated
/// from alone; a program that compiles is generated from and improved, one that does not is fixed, at most
/// <c>fix-chain</c> times in a row.
/// <para>
/// A rollout is one call: from the root on the way with the largest score is taken until it is a new action. A child has
/// Q + c·sqrt(ln N_parent / (N + 1)), a new action v + c·sqrt(ln N_parent / (n + 1)), n being the actions of its kind at the
/// node so far and v their expected value (<see cref="GifActionValue"/>); chance decides between equal ones. Rollouts under
/// way count as visits and as actions (WU-UCT's rule put to this formula). The root counts one visit of its own, as
/// in the code. Values go up as <see cref="GifBackup"/> says.
/// </para>
/// <para>
/// The paper has L = 2, its code 5. The code shows improve a failing test out of the first half of the tests, so that the
/// others stay unseen: here the judge knows the visible tests alone, and hidden ones are kept elsewhere. In the code a
/// program with fewer than L·d lines is an end; here it is still improved and only not generated from. A node whose program
/// could not be read, or is at the depth limit, has no ways.
/// </para>
/// </summary>
public sealed class GifSearch : SearchMethod
{
    private static readonly MethodSetting s_lines = MethodSetting.Number(
        "node-length", 2, 1, 1000, "L, lines of the program that a level of the tree settles", "paper: 2; code: 5");

    private static readonly MethodSetting s_fixes = MethodSetting.Number(
        "fix-chain", 3, 0, 16, "fixes of one program in a row", "paper and code: 3");

    private static readonly MethodSetting s_generate = MethodSetting.Number(
        "prior-generate", 0.5, 0, 1, "v_G of generate before the first", "code: 0.5");

    private static readonly MethodSetting s_improve = MethodSetting.Number(
        "prior-improve", 0.55, 0, 1, "v_G of improve before the first", "code: 0.55");

    private static readonly MethodSetting s_fix = MethodSetting.Number(
        "prior-fix", 0.5, 0, 1, "v_G of fix before the first", "code: 0.5");

    private static readonly MethodSetting s_count = MethodSetting.Number(
        "prior-count", 2, 1, 1e6, "actions that a prior counts as", "code: 2");

    private static readonly MethodSetting s_global = MethodSetting.Number(
        "weight-global", 0.5, 0.01, 1, "w_G to begin with", "code: 0.5");

    private static readonly MethodSetting s_local = MethodSetting.Number(
        "weight-local", 0.5, 0.01, 1, "w_L to begin with", "code: 0.5");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "gif",
        Summary = "whole programs that are generated on from, improved or fixed",
        Paper = "GIF-MCTS, arXiv 2405.15383, section 4",
        Needs = "a model that mends a program which is shown to it with a failing test; the untrained embedded one does not",
        Settings = [s_lines, s_fixes, s_generate, s_improve, s_fix, s_count, s_global, s_local],
        Defaults = new SearchOptions { Method = "gif", Exploration = 0.1, MaxDepth = 32, CompileWeight = 0, FastAnswer = false },
    };

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run : MethodRun
    {
        private readonly int _lines;
        private readonly GifBackup _backup;
        private readonly Dictionary<StepAction, GifActionValue> _values;
        private readonly Dictionary<(SearchNode Node, StepAction Action), int> _begun = [];

        public Run(SearchState state)
            : base(state)
        {
            _lines = s_lines.CountIn(state.Options);
            _backup = new GifBackup(s_fixes.CountIn(state.Options));
            _values = new Dictionary<StepAction, GifActionValue>
            {
                [StepAction.Code] = ValueFrom(s_generate),
                [StepAction.Improve] = ValueFrom(s_improve),
                [StepAction.Fix] = ValueFrom(s_fix),
            };
        }

        public override bool ProgramsEnd => false;

        public override Choice? Next(int number)
        {
            var root = State.Tree.Root;
            if (number == 1 && State.Options.FastAnswer)
            {
                return Begin(root, StepAction.Code, Wanted.Greedy);
            }

            if (IsFastAnswerUnderWay)
            {
                return null;
            }

            for (var node = root; ;)
            {
                if (BestOf(node, number) is not { } way)
                {
                    return null;
                }

                if (way.Child is null)
                {
                    return Begin(node, way.Action, Wanted.Steps);
                }

                node = way.Child;
            }
        }

        public override void Notice(SearchEvent one)
        {
            if (one is RolloutFinished finished)
            {
                var leaf = State.Tree.Nodes[finished.Path[^1]];
                _values[leaf.Action].Learn(LocalOf(leaf.Parent!, leaf.Action, except: leaf), finished.Value);
            }
        }

        private GifActionValue ValueFrom(MethodSetting prior) => new(
            prior.In(State.Options), s_count.In(State.Options), s_global.In(State.Options), s_local.In(State.Options));

        private Choice Begin(SearchNode node, StepAction action, Wanted want)
        {
            var which = SearchState.TakeExpansion(node);
            _begun[(node, action)] = BegunOf(node, action) + 1;
            var feedback = action == StepAction.Code ? null : node.Judgement?.Failure ?? "";
            var opening = action == StepAction.Code && node.Program is { } program
                ? string.Join('\n', LinesOf(program).Take(_lines * node.Depth)) + "\n"
                : null;
            return new Choice(node, async (rollout, cancellationToken) =>
            {
                var expansion = want == Wanted.Greedy ? 0 : which;
                var leaf = (await rollout.ExpandAsync(node, expansion, [(action, 1)], want, cancellationToken, feedback, opening))[0];
                await rollout.FinishAsync(leaf, _backup, cancellationToken);
            });
        }

        private (SearchNode? Child, StepAction Action)? BestOf(SearchNode node, int number)
        {
            // ln of the root's visits, its own included; every other node has been visited when it is in the tree.
            var logarithm = Math.Log(Math.Max(1, node.Entered + (node.Parent is null ? 1 : 0)));
            double Explore(int tried) => State.Options.Exploration * Math.Sqrt(logarithm / (tried + 1));

            var best = new List<(SearchNode? Child, StepAction Action)>();
            var bestScore = double.NegativeInfinity;
            void Offer(SearchNode? child, StepAction action, double score)
            {
                if (score > bestScore)
                {
                    bestScore = score;
                    best.Clear();
                }

                if (score == bestScore)
                {
                    best.Add((child, action));
                }
            }

            foreach (var child in node.Children)
            {
                if (IsOpen(child))
                {
                    Offer(child, child.Action, child.Value + Explore(child.Entered));
                }
            }

            foreach (var action in ActionsOf(node))
            {
                Offer(null, action, _values[action].Of(LocalOf(node, action, except: null)) + Explore(BegunOf(node, action)));
            }

            return best.Count switch
            {
                0 => null,
                1 => best[0],
                _ => best[new SplitMix64(SplitMix64.Mix(node.Key, 3, (ulong)number)).Below(best.Count)],
            };
        }

        private StepAction[] ActionsOf(SearchNode node)
        {
            if (node.Parent is null)
            {
                return [StepAction.Code];
            }

            if (GifBackup.IsBuggy(node))
            {
                return node.Expansions == 0 && _backup.FixesLeft(node) > 0 ? [StepAction.Fix] : [];
            }

            StepAction[] generate = LinesOf(node.Program!).Length > _lines * node.Depth ? [StepAction.Code] : [];
            return node.Judgement is { Accepted: true } ? generate : [.. generate, StepAction.Improve];
        }

        // Whether there is something to do at a node or below it. A buggy one has a single child, and chains are short; every
        // other has an action of its own or no child.
        private bool IsOpen(SearchNode node) =>
            node is { Terminal: false, Judgement.Excluded: false } && node.Depth < State.Options.MaxDepth
            && (GifBackup.IsBuggy(node) && node.Children.Count > 0 ? IsOpen(node.Children[0]) : ActionsOf(node).Length > 0);

        private static double? LocalOf(SearchNode node, StepAction action, SearchNode? except)
        {
            var (sum, count) = (0.0, 0);
            foreach (var child in node.Children)
            {
                if (child.Action == action && child.Visits > 0 && child != except)
                {
                    sum += child.Value;
                    count++;
                }
            }

            return count == 0 ? null : sum / count;
        }

        private int BegunOf(SearchNode node, StepAction action) => _begun.GetValueOrDefault((node, action));

        private static string[] LinesOf(string program) => program.TrimEnd().Split('\n');
    }
}
