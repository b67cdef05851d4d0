using Google.Protobuf;
using O1Coder.Problems;

namespace O1Coder.Coordinator.Seeing;

/// <summary>Makes the document of a search from its log and its request.</summary>
internal static class TreeReader
{
    private const string Log = "events.jsonl";
    private const string Request = "request.json";
    private static readonly JsonParser s_json = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Reads the folder of a search that has ended in any way, or is still running.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">A file is missing, damaged, or they do not fit together; the message names it.</exception>
    public static TreeDocument Read(string folder)
    {
        var (logPath, requestPath) = (Path.Combine(folder, Log), Path.Combine(folder, Request));
        foreach (var path in new[] { logPath, requestPath }.Where(path => !File.Exists(path)))
        {
            throw new InvalidDataException($"{path} is missing: expected the folder of a search, with {Log} and {Request}");
        }

        var log = EventLog.Read(logPath);
        try
        {
            var request = s_json.Parse<V1.SolveRequest>(File.ReadAllText(requestPath));
            return Of(request.Problem ?? throw new InvalidDataException($"{requestPath} has no problem: expected a request"), log);
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidJsonException or Grpc.Core.RpcException)
        {
            var message = (error as Grpc.Core.RpcException)?.Status.Detail ?? error.Message;
            throw new InvalidDataException($"{requestPath} is damaged: {message}", error);
        }
    }

    /// <summary>The document of a log.</summary>
    /// <param name="given">The problem as it was asked for.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="InvalidDataException">An event does not fit the tree, or the tree has another hash than the log says.</exception>
    public static TreeDocument Of(V1.Problem given, EventLog log)
    {
        var started = log.Events.FirstOrDefault(one => one.Started is not null)?.Started
            ?? throw new InvalidDataException("the log holds no beginning of a search: nothing was searched yet");
        var read = ProblemReading.Read(given);
        var generated = started.GeneratedTests.Select((one, i) => ProblemReading.ReadTest(one.Test, read.Mode, $"generated_tests[{i}]")).ToList();
        var visible = generated.Count > 0 ? generated : TestSplit.Of(read).Visible;
        var builder = new TreeBuilder(
            new ProblemView(read.Statement, read.Mode, read.Signature, read.EntryPoint, visible), started.Options);
        foreach (var one in log.Events)
        {
            builder.Apply(one);
        }

        var finished = log.Events.LastOrDefault(one => one.Finished is not null)?.Finished;
        if (finished is not null && finished.TreeHash != builder.Tree.ComputeHash())
        {
            throw new InvalidDataException($"tree_hash is '{finished.TreeHash}': expected {builder.Tree.ComputeHash()}, the rebuilt tree's");
        }

        var winner = finished is { Node: > 0 } ? builder.Tree.Nodes[finished.Node] : builder.Tree.Best;
        return new TreeDocument
        {
            SearchId = started.SearchId,
            Ended = EndOf(log, finished),
            Failure = log.End?.StartsWith(Failed, StringComparison.Ordinal) == true ? log.End[Failed.Length..].TrimStart(':', ' ') : "",
            TornTail = log.TornTail,
            Problem = new TreeProblem
            {
                Id = read.Id,
                Title = read.Title,
                Statement = read.Statement,
                Signature = read.Signature,
                VisibleTests = [.. visible.Select(TextOf)],
                HiddenTests = started.HiddenTests,
                GeneratedTests = generated.Count > 0,
            },
            Model = TreeBuilder.Element(started.Model ?? new V1.ModelIdentity()),
            Options = TreeBuilder.Element(started.Options),
            Budget = TreeBuilder.Element(started.Budget ?? new V1.Budget()),
            Totals = finished?.Totals is { } totals ? TreeBuilder.Element(totals) : null,
            Judgement = finished?.Judgement is { } judgement ? TreeBuilder.Element(judgement) : null,
            TreeHash = finished?.TreeHash ?? "",
            WinningPath = winner is null ? [] : [.. winner.PathFromRoot().Select(node => node.Number)],
            Chats = builder.Chats,
            Sampling = builder.Sampling,
            Nodes = builder.Nodes,
            Events = builder.Events,
        };
    }

    private const string Failed = "failed";

    private static string EndOf(EventLog log, V1.SearchFinished? finished) =>
        finished is not null ? Words.Snake(finished.Outcome.ToString())
        : log.End is null ? "unfinished"
        : log.End.StartsWith(Failed, StringComparison.Ordinal) ? Failed
        : log.End;

    private static string TextOf(TestCase test) => test switch
    {
        AssertionTest assertion => assertion.Code,
        StdioTest stdio => $"input:\n{stdio.Stdin}\noutput:\n{stdio.Stdout}",
        _ => throw new InvalidDataException($"test is '{test.GetType().Name}': expected an assertion, or input and output"),
    };
}
