namespace O1Coder.Problems;

/// <summary>The sections that a problem file may hold after its statement.</summary>
internal enum SectionKind
{
    VisibleTests,
    HiddenTests,
    ReferenceSolution,
    WrongSolution,
    Conditions,
}
