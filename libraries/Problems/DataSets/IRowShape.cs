using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>How one kind of data set keeps a problem in a JSON object.</summary>
internal interface IRowShape
{
    /// <summary>Which kind.</summary>
    DataSetFormat Format { get; }

    /// <summary>Whether an object's keys are those of this kind.</summary>
    bool Fits(JsonRow row);

    /// <summary>Reads a problem.</summary>
    /// <param name="row">The object.</param>
    /// <param name="notes">Takes what could not be carried over, one a fact.</param>
    /// <exception cref="DataSetFormatException">A field is missing or malformed.</exception>
    RowProblem Read(JsonRow row, ICollection<DataFault> notes);

    /// <summary>Writes a problem's fields into an open object, as well as this kind can hold them.</summary>
    /// <param name="json">The object.</param>
    /// <param name="problem">The problem.</param>
    /// <exception cref="FormatException">The problem cannot be written in this kind; the message says why.</exception>
    void Write(Utf8JsonWriter json, Problem problem);
}
