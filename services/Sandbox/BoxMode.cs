namespace O1Coder.Sandbox;

/// <summary>What a box does with a program; the launcher knows the names in lower case.</summary>
internal enum BoxMode
{
    /// <summary>Runs it as a script: standard input in, standard output out.</summary>
    Stdio,

    /// <summary>Answers what a judge, in a box of its own, asks of its functions.</summary>
    Judge,

    /// <summary>Calls one function with arguments and answers with the value that came.</summary>
    Call,

    /// <summary>Runs a test in the program's own process.</summary>
    Inside,

    /// <summary>Looks at the source and runs nothing.</summary>
    Inspect,
}
