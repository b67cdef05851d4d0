namespace O1Coder.Search;

/// <summary>What a reasoning step does (o1-Coder, arXiv 2412.00154, section 3.2.1: three actions).</summary>
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
}
