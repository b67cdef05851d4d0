using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;

namespace O1Coder.Coordinator;

/// <summary>
/// The folder of one search: events.jsonl, request.json, tests.json where tests were written for it, and, at the end,
/// trace.md.
/// </summary>
/// <param name="SearchId">The search's name, also the folder's: UTC time, problem, six random digits.</param>
/// <param name="Path">The folder, absolute.</param>
internal sealed record SearchFolder(string SearchId, string Path)
{
    /// <summary>The append-only event log.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "events.jsonl");

    /// <summary>The readable trace of the winning path.</summary>
    public string TracePath => System.IO.Path.Combine(Path, "trace.md");

    /// <summary>Makes the folder of a new search and keeps the request in it.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static SearchFolder Create(string runs, SolvePlan plan, TimeProvider clock)
    {
        // The problem's name is of letters, digits, '-' and '_': safe in a path.
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{plan.Problem.Id}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
        var folder = new SearchFolder(name, System.IO.Path.Combine(System.IO.Path.GetFullPath(runs), name));
        Directory.CreateDirectory(folder.Path);
        folder.WriteJson("request.json", plan.Request);
        return folder;
    }

    /// <summary>Keeps the tests that were written for the search, and what became of those that were not kept.</summary>
    public void WriteTests(V1.TcgFinished tests) => WriteJson("tests.json", tests);

    private void WriteJson(string name, IMessage message)
    {
        var json = new JsonFormatter(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithIndentation());
        WriteWhole(System.IO.Path.Combine(Path, name), json.Format(message) + "\n");
    }

    /// <summary>Writes a file so that it is there as a whole or not at all.</summary>
    public static void WriteWhole(string path, string text)
    {
        var temporary = path + "." + RandomNumberGenerator.GetHexString(8, lowercase: true) + ".tmp";
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
