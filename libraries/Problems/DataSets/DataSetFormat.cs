namespace O1Coder.Problems.DataSets;

/// <summary>How a data set writes down one problem. docs/data-sets.md has the fields.</summary>
public enum DataSetFormat
{
    /// <summary>This project's Markdown: one file a problem (problems/README.md).</summary>
    Markdown,

    /// <summary>MBPP: task_id, text or prompt, code, test_list.</summary>
    Mbpp,

    /// <summary>HumanEval: task_id, prompt, entry_point, canonical_solution, test.</summary>
    HumanEval,

    /// <summary>APPS and TACO: question, solutions, input_output.</summary>
    Stdio,

    /// <summary>CodeContests: description, public_tests, private_tests, generated_tests, solutions.</summary>
    CodeContests,
}
