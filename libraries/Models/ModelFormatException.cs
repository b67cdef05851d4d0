namespace O1Coder.Models;

/// <summary>A model's file does not hold what it must; the message names file, field, value and what was expected.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Makes the exception of one field that holds a wrong value.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="field">The field: a metadata key, a tensor's name or a part of the header.</param>
    /// <param name="value">What it holds.</param>
    /// <param name="expected">What was expected.</param>
    public ModelFormatException(string file, string field, string value, string expected)
        : this($"{file}: {field} is {value}: expected {expected}")
    {
    }

    /// <summary>Makes the exception with a message for people, one line.</summary>
    public ModelFormatException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception with a message for people and what caused it.</summary>
    public ModelFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
