namespace O1Coder.Problems.DataSets;

/// <summary>A data set breaks a rule of its format. The message is one line that a person can act on.</summary>
/// <param name="fault">Where and what.</param>
/// <param name="inner">What the parser below reported, if anything.</param>
public sealed class DataSetFormatException(DataFault fault, Exception? inner = null) : FormatException(fault.Message, inner)
{
    /// <summary>Where and what.</summary>
    public DataFault Fault { get; } = fault;
}
