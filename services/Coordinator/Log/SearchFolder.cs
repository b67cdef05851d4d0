using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator;

/// <summary>
/// The folder of one search: events.jsonl, request.json, tests.json where tests were written for it, lock, and, at the
/// end, trace.md.
/// </summary>
/// <param name="SearchId">The search's name, also the folder's: UTC time, problem, six random digits.</param>
/// <param name="Path">The folder, absolute.</param>
internal sealed record SearchFolder(string SearchId, string Path)
{
    private const string RequestFile = "request.json";
    private const string TestsFile = "tests.json";

    /// <summary>The append-only event log.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "events.jsonl");

    /// <summary>The readable trace of the winning path.</summary>
    public string TracePath => System.IO.Path.Combine(Path, "trace.md");

    /// <summary>The request as it came.</summary>
    public string RequestPath => System.IO.Path.Combine(Path, RequestFile);

    /// <summary>A name for a new search.</summary>
    public static string NewId(SolvePlan plan, TimeProvider clock) => string.Create(
        // The problem's name is of letters, digits, '-' and '_': safe in a path.
        CultureInfo.InvariantCulture,
        $"{clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{plan.Problem.Id}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");

    /// <summary>The folder of a new search, which is not made yet; it is to be locked before the request is kept in it.</summary>
    public static SearchFolder New(string runs, string searchId) =>
        new(searchId, System.IO.Path.Combine(System.IO.Path.GetFullPath(runs), searchId));

    /// <summary>Whether a search was begun: its request is kept.</summary>
    public static bool Exists(string runs, string searchId) => File.Exists(New(runs, searchId).RequestPath);

    /// <summary>The folder of a search that was begun before.</summary>
    /// <param name="runs">The folder of all searches.</param>
    /// <param name="searchId">The search's name.</param>
    /// <param name="field">What the name is called in a message.</param>
    /// <exception cref="RpcException">InvalidArgument: not a search's name; NotFound: there is no such search.</exception>
    public static SearchFolder Find(string runs, string searchId, string field)
    {
        InvalidArgument.ThrowUnless(
            searchId.Length is > 0 and <= 255 && searchId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), field, searchId,
            "a search's name, as `started` tells it");
        var folder = new SearchFolder(searchId, System.IO.Path.Combine(System.IO.Path.GetFullPath(runs), searchId));
        return File.Exists(folder.RequestPath)
            ? folder
            : throw new RpcException(new Status(StatusCode.NotFound, $"{field} is '{searchId}': expected a search of {System.IO.Path.GetFullPath(runs)}"));
    }

    /// <summary>Keeps the request.</summary>
    public void WriteRequest(V1.SolveRequest request) => WriteJson(RequestFile, request);

    /// <summary>The request that was kept.</summary>
    /// <exception cref="InvalidDataException">The file is not one that was written here.</exception>
    public V1.SolveRequest ReadRequest() => ReadJson<V1.SolveRequest>(RequestPath);

    /// <summary>The tests that were written for the search; null for none.</summary>
    /// <exception cref="InvalidDataException">The file is not one that was written here.</exception>
    public V1.TcgFinished? ReadTests()
    {
        var path = System.IO.Path.Combine(Path, TestsFile);
        return File.Exists(path) ? ReadJson<V1.TcgFinished>(path) : null;
    }

    /// <summary>The log as it stands; empty where the search was broken off before its first line.</summary>
    /// <exception cref="InvalidDataException">See <see cref="EventLog.Read"/>.</exception>
    public EventLog ReadLog() => File.Exists(LogPath) ? EventLog.Read(LogPath) : EventLog.Empty;

    /// <summary>Keeps the tests that were written for the search, and what became of those that were not kept.</summary>
    public void WriteTests(V1.TcgFinished tests) => WriteJson(TestsFile, tests);

    private static T ReadJson<T>(string path) where T : IMessage, new()
    {
        try
        {
            return new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<T>(File.ReadAllText(path));
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} cannot be read: {error.Message}", error);
        }
    }

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
