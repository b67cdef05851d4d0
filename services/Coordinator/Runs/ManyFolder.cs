using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator;

/// <summary>
/// The folder of a run over many problems: run.json, problems.bin (each after its length), answers.jsonl, and searches/ with a
/// folder a problem. Of the problems only their places are kept in memory.
/// </summary>
/// <param name="RunId">The run's name, also the folder's.</param>
/// <param name="Path">The folder, absolute.</param>
internal sealed record ManyFolder(string RunId, string Path)
{
    /// <summary>What begins a run's name.</summary>
    public const string Prefix = "many-";

    /// <summary>The run's log.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "answers.jsonl");

    /// <summary>Where the searches' folders are.</summary>
    public string SearchesPath => System.IO.Path.Combine(Path, "searches");

    private string ProblemsPath => System.IO.Path.Combine(Path, "problems.bin");

    private string RequestPath => System.IO.Path.Combine(Path, "run.json");

    /// <summary>
    /// Makes the folder of a new run and keeps the request and its problems in it. The problems are taken out of the request:
    /// gRPC holds on to that for as long as the call lasts.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static ManyFolder Create(string runs, V1.SolveManyRequest request, TimeProvider clock)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
        var folder = new ManyFolder(name, System.IO.Path.Combine(System.IO.Path.GetFullPath(runs), name));
        Directory.CreateDirectory(folder.SearchesPath);
        using (var file = new FileStream(folder.ProblemsPath, FileMode.CreateNew, FileAccess.Write))
        {
            foreach (var problem in request.Problems)
            {
                problem.WriteDelimitedTo(file);
            }

            file.Flush(flushToDisk: true);
        }

        request.Problems.Clear();
        SearchFolder.WriteWhole(folder.RequestPath, new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation()).Format(request) + "\n");
        return folder;
    }

    /// <summary>The folder of a run that was begun before.</summary>
    /// <exception cref="RpcException">InvalidArgument: not a run's name; NotFound: there is no such run.</exception>
    public static ManyFolder Find(string runs, string runId)
    {
        InvalidArgument.ThrowUnless(
            runId.StartsWith(Prefix, StringComparison.Ordinal) && runId.Length <= 255 && runId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-'),
            "run_id", runId, "a run's name, as `started` tells it");
        var folder = new ManyFolder(runId, System.IO.Path.Combine(System.IO.Path.GetFullPath(runs), runId));
        return File.Exists(folder.RequestPath)
            ? folder
            : throw new RpcException(new Status(StatusCode.NotFound, $"run_id is '{runId}': expected a run of {System.IO.Path.GetFullPath(runs)}"));
    }

    /// <summary>The request without its problems.</summary>
    public V1.SolveManyRequest ReadRequest() => JsonParser.Default.Parse<V1.SolveManyRequest>(File.ReadAllText(RequestPath));

    /// <summary>Where each problem lies in the file, by its name, in their order.</summary>
    public IReadOnlyDictionary<string, long> ReadPlaces()
    {
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        using var file = File.OpenRead(ProblemsPath);
        while (file.Position < file.Length)
        {
            var place = file.Position;
            places.Add(V1.Problem.Parser.ParseDelimitedFrom(file).Id, place);
        }

        return places;
    }

    /// <summary>The problem at a place.</summary>
    public V1.Problem ReadProblem(long place)
    {
        using var file = File.OpenRead(ProblemsPath);
        file.Position = place;
        return V1.Problem.Parser.ParseDelimitedFrom(file);
    }
}
