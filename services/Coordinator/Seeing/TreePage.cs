namespace O1Coder.Coordinator.Seeing;

/// <summary>tree.html: one file with its styles, its script and the search's data; it asks the network for nothing.</summary>
internal static class TreePage
{
    private const string Folder = "O1Coder.Coordinator.Seeing.Page.";

    /// <summary>The page.</summary>
    /// <param name="document">The search.</param>
    public static string Of(TreeDocument document) => Read("tree.html")
        .Replace("/*STYLE*/", Read("tree.css"), StringComparison.Ordinal)
        .Replace("/*SCRIPT*/", Read("model.js") + Read("view.js") + Read("controls.js"), StringComparison.Ordinal)
        .Replace("/*DATA*/", TreeJson.Of(document), StringComparison.Ordinal);

    private static string Read(string name)
    {
        using var stream = typeof(TreePage).Assembly.GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"{name} is not in the program: expected a resource");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
