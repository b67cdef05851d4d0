using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// What ASPR counts in one search (o1-Coder, section 4: "average success rate of reaching the correct reasoning path on
/// the last step"; the paper gives no formula). A last-step sample is a terminal node or a program, judged by the search or not; it
/// passes when its program passes all of the problem's tests. A path is correct when its last node passes. Counted are
/// the last-step samples below every node that has one which passes.
/// </summary>
/// <param name="CorrectPaths">Terminal nodes whose program passes all tests.</param>
/// <param name="Samples">Last-step samples below the parents of those.</param>
/// <param name="Passes">Those of them that pass.</param>
internal sealed record LastSteps(int CorrectPaths, int Samples, int Passes)
{
    /// <summary>Counts a search.</summary>
    /// <param name="tree">Its tree.</param>
    /// <param name="problem">What the model saw of the problem.</param>
    /// <param name="shownAreTests">Whether the search's tests are tests of the problem, so that failing one is failing.</param>
    /// <param name="judge">Says whether a program passes all tests.</param>
    public static async Task<LastSteps> OfAsync(
        SearchTree tree, ProblemView problem, bool shownAreTests, Func<string, Task<bool>> judge)
    {
        var (correct, samples) = (0, 0);
        foreach (var parent in tree.Nodes)
        {
            var last = parent.Children.Where(child => child.Terminal || child.Action.WritesProgram()).ToList();
            var passes = 0;
            foreach (var node in last)
            {
                passes += await PassesAsync(node) ? 1 : 0;
            }

            correct += passes;
            samples += passes > 0 ? last.Count : 0;
        }

        return new LastSteps(correct, samples, correct);

        async Task<bool> PassesAsync(SearchNode node)
        {
            if (shownAreTests && node.Judgement is { Excluded: false, Accepted: false })
            {
                return false;
            }

            var program = node.Program ?? (node.Action.WritesProgram() ? PolicyProposer.ProgramOf(problem, node.Text) : null);
            return program is not null && await judge(program);
        }
    }
}
