namespace O1Coder.Hosting.Dashboard.Telemetry.Queries;

/// <summary>How a field is compared.</summary>
public enum FilterOperator
{
    /// <summary>The same, whatever the case.</summary>
    Equals,

    /// <summary>Not the same, or not there.</summary>
    NotEquals,

    /// <summary>Has the text in it, whatever the case.</summary>
    Contains,

    /// <summary>Has not, or is not there.</summary>
    NotContains,

    /// <summary>More: as numbers or durations where both are, else as texts.</summary>
    Greater,

    /// <summary>As much or more.</summary>
    GreaterOrEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>As much or less.</summary>
    LessOrEqual,
}
