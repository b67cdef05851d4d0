namespace O1Coder.Search;

/// <summary>
/// What a reasoning step does: o1-Coder's three actions (arXiv 2412.00154, section 3.2.1), and those of the methods that
/// think in other steps.
/// </summary>
public enum StepAction
{
    /// <summary>The root: the problem itself.</summary>
    Root = 0,

    /// <summary>Outlines the program's structure.</summary>
    DefineStructure = 1,

    /// <summary>Makes the outline more exact.</summary>
    Refine = 2,

    /// <summary>Writes the program.</summary>
    Code = 3,

    /// <summary>States one thought towards the program, in words (RethinkMCTS).</summary>
    Think = 4,

    /// <summary>Writes a better program in place of one that runs but fails a test (GIF-MCTS).</summary>
    Improve = 5,

    /// <summary>Mends a program that does not compile or breaks off (GIF-MCTS).</summary>
    Fix = 6,

    /// <summary>Writes a whole solution anew after a critique of it (LLaMA-Berry).</summary>
    Rewrite = 7,
}
