using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator.Seeing;

/// <summary>
/// <c>Coordinator show FOLDER json|html|both OUT</c>: writes a search's tree from its log to a file, or both files to a
/// folder, and says so.
/// </summary>
internal sealed class ShowCommand() : ServiceCommand("show", "FOLDER", "json|html|both", "OUT")
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken)
    {
        var (folder, kind, target) = (words[0], words[1], words[2]);
        if (kind is not ("json" or "html" or "both"))
        {
            throw new InvalidDataException($"format is '{kind}': expected json, html or both");
        }

        var document = TreeReader.Read(folder);
        if (kind == "both")
        {
            TreeFiles.Write(target, document);
        }
        else
        {
            SearchFolder.WriteWhole(target, kind == "json" ? TreeJson.Of(document) + "\n" : TreePage.Of(document));
        }

        var torn = document.TornTail ? "; the log's last line was torn and is left out" : "";
        await output.WriteLineAsync(
            $"{document.SearchId}: {document.Ended}, {document.Nodes.Count} nodes, {document.Events.Count} events{torn}".AsMemory(), cancellationToken);
        await output.WriteLineAsync((kind == "both" ? TreeFiles.PageIn(target) : target).AsMemory(), cancellationToken);
        return 0;
    }

    /// <inheritdoc/>
    protected override bool IsBadInput(Exception exception) => exception is InvalidDataException or IOException or UnauthorizedAccessException;
}
