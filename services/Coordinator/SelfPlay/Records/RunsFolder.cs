using System.Globalization;
using Google.Protobuf;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>The folder of all runs: finds the run that a request means, or makes it.</summary>
internal sealed class RunsFolder(CoordinatorOptions options, TimeProvider clock)
{
    /// <summary>The link to the newest run.</summary>
    public const string Latest = "latest";

    private static readonly JsonFormatter s_json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private string Root => Path.GetFullPath(options.RunsFolder);

    /// <summary>
    /// Takes the run that a plan names, or else the newest unfinished one with equal settings, problems and model, or
    /// else a new one; "latest" then points to it.
    /// </summary>
    /// <exception cref="RpcException">
    /// AlreadyExists: the named run has other settings, problems or another model; FailedPrecondition: it is in progress.
    /// </exception>
    public (PlayFolder Folder, RunManifest Manifest, RunLock Lock) Open(PlayPlan plan, V1.ModelIdentity model)
    {
        Directory.CreateDirectory(Root);
        var wanted = new RunManifest
        {
            Run = plan.Run,
            Began = clock.GetUtcNow(),
            Settings = s_json.Format(plan.Settings),
            ProblemsHash = plan.ProblemsHash,
            Problems = plan.Problems.Count,
            EvaluationProblems = plan.EvaluationProblems.Count,
            ModelId = model.ModelId,
            ModelHash = model.ModelHash,
        };
        var name = plan.Run.Length > 0 ? plan.Run : NewestUnfinished(wanted) ?? NewName(wanted.Began);
        var folder = new PlayFolder(name, Path.Combine(Root, name));
        Directory.CreateDirectory(folder.Path);
        var held = RunLock.Take(folder.Path, name);
        try
        {
            if (JsonFiles.TryRead<RunManifest>(folder.ManifestPath) is { } manifest)
            {
                if (manifest.DifferenceFrom(wanted) is { } difference)
                {
                    throw new RpcException(new Status(
                        StatusCode.AlreadyExists, $"run is '{name}': expected a new name, since that run has {difference}"));
                }
            }
            else if (Directory.EnumerateFileSystemEntries(folder.Path).Any(entry => Path.GetFileName(entry) is not ("lock" or "lock.pid") && !entry.EndsWith(".tmp", StringComparison.Ordinal) && !IsProblemFile(entry)))
            {
                throw new RpcException(new Status(
                    StatusCode.AlreadyExists, $"run is '{name}': expected a new name, since {folder.Path} holds something that is no run"));
            }
            else
            {
                manifest = wanted with { Run = name };
                WriteProblems(folder.At(PlayFolder.Problems), plan.Problems);
                WriteProblems(folder.At(PlayFolder.EvaluationProblems), plan.EvaluationProblems);
                JsonFiles.Write(folder.ManifestPath, manifest);
            }

            PointLatest(name);
            return (folder, manifest, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static bool IsProblemFile(string entry) =>
        Path.GetFileName(entry) is PlayFolder.Problems or PlayFolder.EvaluationProblems;

    private static void WriteProblems(string path, IEnumerable<V1.Problem> problems) =>
        SearchFolder.WriteWhole(path, string.Concat(problems.Select(problem => s_json.Format(problem) + "\n")));

    private static string NewName(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"selfplay-{now.UtcDateTime:yyyyMMdd-HHmmss}");

    private string? NewestUnfinished(RunManifest wanted) => Directory.EnumerateDirectories(Root)
        .Where(folder => Path.GetFileName(folder) != Latest)
        .Select(folder => (Folder: new PlayFolder(Path.GetFileName(folder), folder), Manifest: JsonFiles.TryRead<RunManifest>(Path.Combine(folder, "run.json"))))
        .Where(run => run.Manifest is not null && run.Manifest.DifferenceFrom(wanted) is null && !File.Exists(run.Folder.EndPath))
        .OrderByDescending(run => run.Manifest!.Began)
        .Select(run => run.Folder.Run)
        .FirstOrDefault();

    // A relative link, so that the folder of all runs may be moved. What is not a link is somebody else's and stays.
    private void PointLatest(string name)
    {
        var path = Path.Combine(Root, Latest);
        var link = new FileInfo(path);
        if (link.LinkTarget == name || (link.LinkTarget is null && Path.Exists(path)))
        {
            return;
        }

        if (link.LinkTarget is not null)
        {
            File.Delete(path);
        }

        Directory.CreateSymbolicLink(path, name);
    }
}
