namespace O1Coder.Models;

/// <summary>What a part of a template is.</summary>
internal enum TemplateTokenKind
{
    /// <summary>Text that is written as it is.</summary>
    Text,

    /// <summary>The beginning of an output, <c>{{</c>.</summary>
    OutputStart,

    /// <summary>The beginning of a statement, <c>{%</c>.</summary>
    StatementStart,

    /// <summary>The end of an output or statement.</summary>
    End,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A text in quotes, its escapes resolved.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>An operator or bracket.</summary>
    Operator,

    /// <summary>The end of the template.</summary>
    EndOfTemplate,
}
