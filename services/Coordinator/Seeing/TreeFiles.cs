using System.Diagnostics.CodeAnalysis;

namespace O1Coder.Coordinator.Seeing;

/// <summary>tree.json and tree.html in a search's folder.</summary>
internal static class TreeFiles
{
    // Above it the files take tens of megabytes and seconds; "o1coder search show" writes them when somebody wants them.
    private const int MostNodesAtEnd = 20_000;

    /// <summary>Writes both at the end of a search, from its log; of a very large search neither.</summary>
    /// <param name="folder">The search's folder, whose log is complete.</param>
    /// <param name="nodes">Nodes of its tree.</param>
    /// <returns>Why they could not be written, in a line; null when they were, or the search is too large.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "A picture that cannot be made must not cost the result that it shows; the reason is told.")]
    public static string? WriteAtEnd(string folder, int nodes)
    {
        try
        {
            if (nodes <= MostNodesAtEnd)
            {
                Write(folder, TreeReader.Read(folder));
            }

            return null;
        }
        catch (Exception error)
        {
            return error.Message;
        }
    }

    /// <summary>Where the page lies.</summary>
    public static string PageIn(string folder) => Path.Combine(folder, "tree.html");

    /// <summary>Where the data lies.</summary>
    public static string DataIn(string folder) => Path.Combine(folder, "tree.json");

    /// <summary>Writes both, each as a whole or not at all.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static void Write(string folder, TreeDocument document)
    {
        SearchFolder.WriteWhole(DataIn(folder), TreeJson.Of(document) + "\n");
        SearchFolder.WriteWhole(PageIn(folder), TreePage.Of(document));
    }
}
