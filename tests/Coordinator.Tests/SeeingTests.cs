using System.Text.Json;
using O1Coder.Coordinator.Seeing;

namespace O1Coder.Coordinator.Tests;

public sealed class SeeingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-seeing-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_each_node_saw_is_what_the_model_was_sent()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var request = Programs.Request(rollouts: 24);
        request.Options.MaxDepth = 5;
        var events = await host.SolveAsync(request);
        var folder = events[0].Started.Folder;
        var tree = TreeReader.Read(folder);

        Assert.Contains(tree.Nodes, node => node.Action == "refine");
        var paths = host.Policy.PathsWritten.ToHashSet(StringComparer.Ordinal);
        Assert.All(tree.Nodes.Skip(1), node => Assert.Contains(Seen(tree, node.Node) + Written(node), paths));
        Assert.Equal(tree.Nodes.Count - 1, tree.Events.Count(one => one.Kind == "added"));
    }

    [Fact]
    public async Task The_document_is_the_tree_of_the_search_and_its_events_rebuild_it()
    {
        await using var host = await CoordinatorHost.StartAsync();
        var written = 0;
        host.Policy.Answer = Programs.Steps((seed, i) => Interlocked.Increment(ref written) < 9 ? Programs.Failing(seed, i) : Programs.Passing(9));
        var events = await host.SolveAsync(Programs.Request(rollouts: 32));
        var (started, finished) = (events[0].Started, events[^1].Finished);
        var tree = TreeReader.Read(started.Folder);
        var rebuilt = EventLog.Read(finished.LogPath).Rebuild();

        Assert.Equal(("solved", "", false, finished.TreeHash), (tree.Ended, tree.Failure, tree.TornTail, tree.TreeHash));
        Assert.Equal(rebuilt.Nodes.Select(node => (node.Number, node.Visits, node.Value, node.Text)), tree.Nodes.Select(node => (node.Node, node.Visits, node.Value, node.Text)));
        Assert.Equal(rebuilt.Nodes[finished.Node].PathFromRoot().Select(node => node.Number), tree.WinningPath);
        Assert.Equal("Accepted", tree.Nodes[finished.Node].Verdict!.Verdict);

        // The last change of N and Q that the events tell of a node is what the node has.
        var last = tree.Events.SelectMany(one => one.Changes ?? []).GroupBy(change => (int)change[0]).ToDictionary(group => group.Key, group => group.Last());
        Assert.All(tree.Nodes.Where(node => node.Visits > 0), node => Assert.Equal([node.Node, node.Visits, node.Value], last[node.Node]));

        // The hidden tests are counted and not shown: the page is for handing on.
        var json = await File.ReadAllTextAsync(TreeFiles.DataIn(started.Folder), TestContext.Current.CancellationToken);
        Assert.Equal(2, tree.Problem.HiddenTests);
        Assert.DoesNotContain("7000", json, StringComparison.Ordinal);
        Assert.Equal(TreeJson.Of(tree) + "\n", json);
        Assert.Equal(TreePage.Of(tree), await File.ReadAllTextAsync(TreeFiles.PageIn(started.Folder), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_program_that_looks_like_markup_stays_a_text()
    {
        const string hostile = "print(\"</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> &lt; /*DATA*/ \u2028\")";
        var page = TreePage.Of(TreeReader.Of(Programs.Problem(), Log(Added(1, 0, hostile), Judged(1, hostile), Rollout(1, 0.5, 0, 1))));

        // Only the page's own: the data's and the script's.
        Assert.Equal(2, page.Split("</script", StringSplitOptions.None).Length - 1);
        Assert.Equal(2, page.Split("<script", StringSplitOptions.None).Length - 1);
        Assert.DoesNotContain("onerror=alert(2)>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<!--", page, StringComparison.Ordinal);
        using var data = JsonDocument.Parse(DataOf(page));
        Assert.Equal(hostile, data.RootElement.GetProperty("nodes")[1].GetProperty("text").GetString());
    }

    [Fact]
    public void The_page_asks_the_network_for_nothing()
    {
        var page = TreePage.Of(TreeReader.Of(Programs.Problem(), Log()));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        foreach (var outside in new[] { "http:", "https:", " src=", "<link", "@import", "url(", "fetch(", "import(" })
        {
            Assert.DoesNotContain(outside, page, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void Methods_with_their_own_values_rewritings_and_words_are_told_event_by_event()
    {
        var tree = TreeReader.Of(Programs.Problem(), Log(
            Added(1, 0, "1. First.", V1.StepAction.DefineStructure, prior: 0.25),
            Added(2, 0, "1. Second.", V1.StepAction.DefineStructure, prior: 0.75),
            new V1.SolveResponse
            {
                RolloutFinished = new V1.RolloutFinished { Rollout = 1, Path = { 0, 1 }, Value = 0.5, Assigned = { new V1.AssignedValue { Node = 2, Value = 0.125 } } },
            },
            new V1.SolveResponse { NodeReflected = new V1.NodeReflected { Node = 1, Text = "It forgets zero.", Tokens = 4 } },
            new V1.SolveResponse { NodeRevised = new V1.NodeRevised { Node = 1, Text = "1. With zero.", Tail = "\n\n", Tokens = 5 } },
            Added(3, 1, "def add(a, b): ..."),
            new V1.SolveResponse { NodesCompared = new V1.NodesCompared { First = 1, Second = 2, Preference = 0.9 } }));

        Assert.Equal(["added", "added", "rollout", "reflected", "revised", "added", "compared"], tree.Events.Select(one => one.Kind));
        Assert.Equal([[0, 1, 0.5], [1, 1, 0.5], [2, 0, 0.125]], tree.Events[2].Changes!);
        Assert.Equal((0.25, 0.75), (tree.Nodes[1].Prior, tree.Nodes[2].Prior));
        Assert.Equal(("1. With zero.", "It forgets zero."), (tree.Nodes[1].Text, tree.Nodes[1].Feedback));
        Assert.Equal("1. First.", Assert.Single(tree.Nodes[1].Earlier!).Text);

        // The program was written after the rewriting, and saw its text.
        Assert.Contains("With zero.\n\n### Step 2: write the program", Seen(tree, 3), StringComparison.Ordinal);
        Assert.DoesNotContain("First.", Seen(tree, 3), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("failed")]
    [InlineData("torn")]
    [InlineData("unfinished")]
    public async Task A_search_that_broke_off_shows_what_it_had(string how)
    {
        Write(how);
        var output = new StringWriter();
        Assert.Equal(0, await new ShowCommand().RunAsync([_folder, "both", _folder], output, TextWriter.Null, TestContext.Current.CancellationToken));
        Assert.Contains($": {(how == "torn" ? "unfinished" : how)}, {(how == "torn" ? 1 : 2)} nodes", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(how == "torn", output.ToString().Contains("was torn", StringComparison.Ordinal));
        using var data = JsonDocument.Parse(await File.ReadAllTextAsync(TreeFiles.DataIn(_folder), TestContext.Current.CancellationToken));
        Assert.Equal(how == "failed" ? "Unavailable: policy is away" : "", data.RootElement.GetProperty("failure").GetString());
    }

    [Fact]
    public async Task What_is_no_search_is_refused_by_name()
    {
        Assert.Contains("events.jsonl is missing", await RefusedAsync([_folder, "html", "x"]), StringComparison.Ordinal);
        Write("cancelled");
        Assert.Contains("format is 'pdf'", await RefusedAsync([_folder, "pdf", "x"]), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "request.json"), "{", TestContext.Current.CancellationToken);
        Assert.Contains("request.json is damaged", await RefusedAsync([_folder, "html", "x"]), StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, "request.json"));
        Assert.Contains("request.json is missing", await RefusedAsync([_folder, "html", "x"]), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => TreeReader.Of(Programs.Problem(), new EventLog([], null, false)));
        Assert.Throws<InvalidDataException>(() => TreeReader.Of(Programs.Problem(), Log(Added(2, 0, "x"))));
    }

    private static async Task<string> RefusedAsync(string[] words)
    {
        var errors = new StringWriter();
        Assert.Equal(2, await new ShowCommand().RunAsync(words, TextWriter.Null, errors, TestContext.Current.CancellationToken));
        return errors.ToString();
    }

    private void Write(string how)
    {
        File.WriteAllText(Path.Combine(_folder, "request.json"), Google.Protobuf.JsonFormatter.Default.Format(Programs.Request()));
        var path = Path.Combine(_folder, "events.jsonl");
        using (var log = new EventLogWriter(path, LogLease.Of(TimeProvider.System, 0, resumes: false)))
        {
            foreach (var one in Log(Added(1, 0, "x")).Events)
            {
                log.Append(one);
            }

            if (how == "cancelled")
            {
                log.AppendEnd(LogEnd.Cancelled);
            }
            else if (how == "failed")
            {
                log.AppendEnd(new LogEnd(Grpc.Core.StatusCode.Unavailable, "policy is away"));
            }
        }

        if (how == "torn")
        {
            var bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, bytes[..^9]);
        }
    }

    private static EventLog Log(params V1.SolveResponse[] events) => new(
        [
            new V1.SolveResponse
            {
                Started = new V1.SearchStarted { SearchId = "s", Model = ScriptedPolicy.Model, Options = new V1.SearchOptions { Strategy = V1.Strategy.Mcts, Temperature = 0.8f }, HiddenTests = 2 },
            },
            .. events,
        ],
        null, false);

    private static V1.SolveResponse Added(int node, int parent, string text, V1.StepAction action = V1.StepAction.Code, double? prior = null)
    {
        var added = new V1.NodeAdded { Node = node, Parent = parent, Action = action, Depth = parent + 1, Text = text, Terminal = action == V1.StepAction.Code, Tokens = 3, Tail = "\n\n" };
        if (prior is { } share)
        {
            added.Prior = share;
        }

        return new V1.SolveResponse { NodeAdded = added };
    }

    private static V1.SolveResponse Judged(int node, string program) => new()
    {
        ProgramJudged = new V1.ProgramJudged { Node = node, Program = program, Verdict = V1.Verdict.WrongAnswer, Passed = 1, Total = 2, Value = 0.55, Message = "</script>" },
    };

    private static V1.SolveResponse Rollout(int rollout, double value, params int[] path) => new()
    {
        RolloutFinished = new V1.RolloutFinished { Rollout = rollout, Path = { path }, Value = value },
    };

    private static string DataOf(string page)
    {
        const string opening = "<script id=\"data\" type=\"application/json\">";
        var start = page.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        return page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)];
    }

    // As the page puts it together, in the scripted model's way of writing chats.
    private static string Seen(TreeDocument tree, int number) => string.Concat(tree.Nodes[number].Saw.Select(piece =>
        piece.Chat is { } chat ? string.Concat(tree.Chats[chat].Select(one => $"<|{char.ToUpperInvariant(one.Role[0])}{one.Role[1..]}|>{one.Content}")) + "<|Assistant|>"
        : piece.Path is { } path ? Seen(tree, path) + Written(tree.Nodes[path], piece.Revision)
        : piece.Text));

    private static string Written(TreeNode node, int revision = int.MaxValue) => node.Earlier is { } earlier && revision < earlier.Count
        ? earlier[revision].Text[earlier[revision].Given..] + earlier[revision].Tail
        : node.Text[node.Given..] + node.Tail;
}
