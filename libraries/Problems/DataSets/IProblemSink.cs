namespace O1Coder.Problems.DataSets;

/// <summary>Where a data set is written to: nothing is changed before <see cref="Commit"/>.</summary>
internal interface IProblemSink : IDisposable
{
    /// <summary>Adds a problem.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="text">Its text, UTF-8: Markdown or one JSON object.</param>
    void Add(string id, byte[] text);

    /// <summary>Makes what was added the data set.</summary>
    void Commit();
}
