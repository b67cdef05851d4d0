using System.Collections.Immutable;

namespace O1Coder.Search;

/// <summary>
/// Constants of a search. Defaults are those of o1-Coder's paper or, where the paper gives none, of its code
/// (arXiv 2412.00154 v2; ADaM-BJTU/O1-CODER, <c>src/mcts</c>).
/// </summary>
public sealed record SearchOptions
{
    /// <summary>The name of the method; see <see cref="SearchMethods"/>.</summary>
    public string Method { get; init; } = "o1-coder";

    /// <summary>The method's own settings where they differ from its defaults, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>
    /// Rollouts under way at once, 1 to 64. With one the search is the sequential one; with more, unobserved visits keep
    /// them apart (WU-UCT). What the search comes to depends on the number, never on the order in which answers arrive.
    /// </summary>
    public int InFlight { get; init; } = 1;

    /// <summary>Everything random comes from this.</summary>
    public ulong Seed { get; init; }

    /// <summary>c of UCT = Q/N + c·sqrt(ln N_parent / N), held constant. Code: 2. In [0, 100].</summary>
    public double Exploration { get; init; } = 2;

    /// <summary>Children sampled by one expansion. Code: 3. 1 to 16.</summary>
    public int SamplesPerExpansion { get; init; } = 3;

    /// <summary>Steps on a path, the program included. Code: 5. 1 to 32.</summary>
    public int MaxDepth { get; init; } = 5;

    /// <summary>
    /// α of v = α·compile + (1−α)·pass. The paper names no value and its code sets 0, so that a program that fails
    /// every test is worth no more than one that does not parse; 0.1 keeps the two apart. In [0, 1].
    /// </summary>
    public double CompileWeight { get; init; } = 0.1;

    /// <summary>Which actions an expansion's children take.</summary>
    public ActionPlan Plan { get; init; } = ActionPlan.Competing;

    /// <summary>
    /// Tree search begins with the program that greedy decoding gives, judged before anything is sampled: an easy
    /// problem costs one program. Not in the paper; set false for its search.
    /// </summary>
    public bool FastAnswer { get; init; } = true;

    /// <summary>
    /// Of the children that were never visited a program is taken before a thought, at random within each kind, so that
    /// a rollout ends with the first expansion that brings one and few programs are written and never run. Not in the
    /// paper, whose simulation takes any child; set false for its search.
    /// </summary>
    public bool ProgramsFirst { get; init; } = true;

    /// <summary>
    /// Programs that strategy sample asks for in one request; 1 to 64. More keep the engine's batch fuller and cost
    /// more when the first passes.
    /// </summary>
    public int SamplesPerRequest { get; init; } = 8;

    /// <summary>
    /// Go on to the budget's end after a program has passed. A search for an answer stops there; one for training data
    /// wants the other paths too, as the paper's search does.
    /// </summary>
    public bool Exhaust { get; init; }

    /// <summary>
    /// w, the weight of the process reward r in [0, 1] of an unfinished node: it counts as w visits of value r that came
    /// before all others, Q' = (W + w·r) / (N + w), which takes Q's place where UCT selects; W and N stay as they are. Of
    /// unfinished children that were never visited the one with the largest r is taken first. In [0, 1]; at 0 no reward
    /// is asked for, and the search is the one without. Not in the paper, where r enters only in training (OpenR's
    /// guided tree likewise takes the reward for the value of an unvisited node).
    /// </summary>
    public double ProcessRewardWeight { get; init; }

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentException">A field or a setting of the method is out of range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        var description = SearchMethods.For(Method).Description;
        foreach (var name in Settings.Keys)
        {
            OptionCheck.Require(description.Find(name) is not null, nameof(Settings), name, description.ExpectedSettings);
        }

        foreach (var setting in description.Settings)
        {
            setting.Validate(this);
        }

        OptionCheck.Require(InFlight is >= 1 and <= 64, nameof(InFlight), InFlight, "a whole number from 1 to 64");
        OptionCheck.Require(Exploration is >= 0 and <= 100, nameof(Exploration), Exploration, "a number in [0, 100]");
        OptionCheck.Require(
            SamplesPerExpansion is >= 1 and <= 16, nameof(SamplesPerExpansion), SamplesPerExpansion, "a whole number from 1 to 16");
        OptionCheck.Require(MaxDepth is >= 1 and <= 32, nameof(MaxDepth), MaxDepth, "a whole number from 1 to 32");
        OptionCheck.Require(CompileWeight is >= 0 and <= 1, nameof(CompileWeight), CompileWeight, "a number in [0, 1]");
        OptionCheck.Require(
            SamplesPerRequest is >= 1 and <= 64, nameof(SamplesPerRequest), SamplesPerRequest, "a whole number from 1 to 64");
        OptionCheck.Require(
            ProcessRewardWeight is >= 0 and <= 1, nameof(ProcessRewardWeight), ProcessRewardWeight, "a number in [0, 1]");
        Plan.Validate();
    }
}
