namespace O1Coder.Coordinator.Tests;

/// <summary>The methods that think over, between a scripted Policy, Sandbox and Prm.</summary>
public sealed class ThinkingMethodTests
{
    private static V1.SolveRequest Request(string method, int rollouts = 12, int inFlight = 1)
    {
        var request = Programs.Request(rollouts);
        (request.Options.Method, request.Options.InFlight) = (method, inFlight);
        return request;
    }

    // Words where no program has begun, a thought where one is asked for, else a program.
    private static string Answer(string prompt, float temperature, ulong seed, int i) =>
        prompt.EndsWith(": think\n", StringComparison.Ordinal) ? $"Thought {seed:x}.{i}.\n\n```python\nnothing"
        : prompt.EndsWith("<|Assistant|>", StringComparison.Ordinal) ? $" It is wrong since {seed:x}. ```python\nnothing"
        : Programs.Failing(seed, i);

    private static string User(string prompt) => prompt[prompt.IndexOf("<|User|>", StringComparison.Ordinal)..prompt.IndexOf("<|Assistant|>", StringComparison.Ordinal)];

    [Theory]
    [InlineData("gif", 1)]
    [InlineData("gif", 4)]
    [InlineData("rethink", 1)]
    [InlineData("rethink", 4)]
    [InlineData("llama-berry", 1)]
    [InlineData("llama-berry", 4)]
    public async Task The_log_is_the_tree_the_same_again_costs_nothing_and_no_hidden_test_is_shown(string method, int inFlight)
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Answer;
        var first = await host.SolveAsync(Request(method, inFlight: inFlight));
        var finished = first[^1].Finished;
        Assert.Equal(finished.TreeHash, EventLog.Read(finished.LogPath).Rebuild().ComputeHash());
        Assert.Equal(12, first.Count(one => one.RolloutFinished is not null));

        var (written, scored) = (host.Policy.Calls.Count, host.Prm.Comparisons.Count);
        var again = await host.SolveAsync(Request(method, inFlight: inFlight));
        Assert.Equal(finished.TreeHash, again[^1].Finished.TreeHash);
        Assert.Equal((written, scored), (host.Policy.Calls.Count, host.Prm.Comparisons.Count));
        Assert.DoesNotContain(host.Policy.PromptsSeen, prompt => prompt.Contains("7000", StringComparison.Ordinal));
        Assert.All(host.Policy.Requests, one => Assert.NotNull(one.Ticket));
        Assert.Empty(host.Prm.Requests);
    }

    [Fact]
    public async Task A_program_is_generated_on_improved_and_fixed()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Answer;
        host.Sandbox.Before = (call, _) => call % 4 == 3 ? V1.Verdict.CompileError : null;
        var events = await host.SolveAsync(Request("gif", rollouts: 24));
        var added = events.Where(one => one.NodeAdded is not null).Select(one => one.NodeAdded).ToList();
        var judged = events.Where(one => one.ProgramJudged is not null).ToDictionary(one => one.ProgramJudged.Node, one => one.ProgramJudged);
        Assert.Equal(24, host.Policy.Calls.Count);
        Assert.Equal(
            [V1.StepAction.Code, V1.StepAction.Improve, V1.StepAction.Fix], added.Select(node => node.Action).Distinct().Order());

        // One call a rollout, in the order of the nodes.
        foreach (var (node, prompt) in added.Zip(host.Policy.PromptsSeen))
        {
            var user = User(prompt);
            var parent = judged.GetValueOrDefault(node.Parent);
            Assert.StartsWith("<|User|>Return the sum of two numbers.", user, StringComparison.Ordinal);
            if (node.Action == V1.StepAction.Code)
            {
                Assert.EndsWith("in one Python code block.", user, StringComparison.Ordinal);
                Assert.DoesNotContain("was written for it", user, StringComparison.Ordinal);
                var opening = prompt[(prompt.IndexOf("```python\n", prompt.IndexOf("<|Assistant|>", StringComparison.Ordinal), StringComparison.Ordinal) + "```python\n".Length)..];
                Assert.Equal(parent is null ? "" : string.Concat(parent.Program.Split('\n').Take(2 * (node.Depth - 1)).Select(line => line + "\n")), opening);
                Assert.StartsWith(opening, node.Text, StringComparison.Ordinal);
                Assert.StartsWith(opening, judged[node.Node].Program, StringComparison.Ordinal);
                continue;
            }

            Assert.Contains($"This program was written for it:\n```python\n{parent!.Program.TrimEnd()}\n```", user, StringComparison.Ordinal);
            Assert.Contains(
                node.Action == V1.StepAction.Fix ? "It does not compile:\n```\nVerdict:\nCompileError\n" : "It fails a test:\n```\nVerdict:\nWrongAnswer\nInput:\nassert add(",
                user, StringComparison.Ordinal);
            Assert.EndsWith("<|Assistant|>```python\n", prompt, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Thoughts_continue_what_the_model_read_and_wrote_and_the_trace_is_thought_over()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Answer;
        var events = await host.SolveAsync(Request("rethink", rollouts: 6));
        var added = events.Where(one => one.NodeAdded is not null).Select(one => one.NodeAdded).ToList();
        var reflected = events.Where(one => one.NodeReflected is not null).Select(one => one.NodeReflected).ToList();
        var revised = events.Where(one => one.NodeRevised is not null).Select(one => one.NodeRevised).ToList();
        Assert.All(host.Sandbox.Requests.Where(one => one.Tests.Count == 2 && one.Program.Length > 0).Take(3), one => Assert.True(one.Trace));
        Assert.Equal((12, 6), (reflected.Count, revised.Count));
        Assert.All(reflected, one => Assert.Matches("^It is wrong since [0-9a-f]+\\.$", one.Text));
        Assert.All(added.Where(node => node.Action == V1.StepAction.Think), node => Assert.StartsWith("Thought ", node.Text, StringComparison.Ordinal));

        // Every prompt but those that begin a chat goes on from a sequence that was written before.
        var paths = host.Policy.PathsWritten.ToList();
        foreach (var prompt in host.Policy.PromptsSeen)
        {
            var chat = prompt[..(prompt.IndexOf("<|Assistant|>", StringComparison.Ordinal) + "<|Assistant|>".Length)];
            if (prompt != chat && !prompt.EndsWith("<|Assistant|>### Step 1: think\n", StringComparison.Ordinal))
            {
                Assert.Contains(paths, path => path.Length < prompt.Length && prompt.StartsWith(path, StringComparison.Ordinal));
            }
        }

        // The second thought's prompt holds what was said last about the first; a thought that takes another's place, what was
        // said first.
        Assert.Contains(host.Policy.PromptsSeen, prompt => prompt.EndsWith(
            $"{reflected[0].Text} Step 1 has to be replaced by a thought that avoids this.\n\n### Step 1: think\n", StringComparison.Ordinal));
        Assert.Contains(host.Policy.PromptsSeen, prompt => prompt.EndsWith(
            $"{revised[0].Text}\n\nThe program that follows from this fails a test. {reflected[1].Text}\n\n### Step 2: think\n", StringComparison.Ordinal));
        Assert.Contains(host.Policy.PromptsSeen, prompt => prompt.EndsWith("### Step 2: write the program\n```python\n", StringComparison.Ordinal));

        // Who thinks a failure over sees thoughts, program and test.
        var asked = host.Policy.PromptsSeen.First(prompt => prompt.EndsWith("<|Assistant|>", StringComparison.Ordinal));
        Assert.Contains($"### Step 1: think\n{added[0].Text}\n\n```python\n", asked, StringComparison.Ordinal);
        Assert.Contains("It fails a test; ", asked, StringComparison.Ordinal);
        Assert.Contains("Verdict:\nWrongAnswer\nInput:\nassert add(", asked, StringComparison.Ordinal);

        // The log has what the model read and wrote for the revised thought.
        Assert.All(revised, one => Assert.EndsWith(
            one.Text + one.Tail, string.Concat(one.PromptTokens.Concat(one.GeneratedTokens).Select(id => (char)id)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rewritten_programs_are_reviewed_first_and_each_is_scored_once()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Answer;
        host.Policy.Adapters["prm"] = new V1.Adapter { Name = "prm", Version = "0123456789abcdef" };
        var events = await host.SolveAsync(Request("llama-berry", rollouts: 6));
        var programs = events.Where(one => one.ProgramJudged is not null).ToDictionary(one => one.ProgramJudged.Node, one => one.ProgramJudged.Program);
        var compared = events.Where(one => one.NodesCompared is not null).Select(one => one.NodesCompared).ToList();
        var asked = host.Prm.Comparisons.Select(one => Assert.Single(one.Candidates)).ToList();
        Assert.Equal(programs.Values.Distinct().Order(), asked.Select(one => one.Text).Order());
        Assert.All(asked, one => Assert.Equal(V1.StepAction.Code, one.Action));
        Assert.All(host.Prm.Comparisons, one => Assert.Equal(("prm", 2, 0), (one.Adapter, one.Problem.VisibleTests.Count, one.Problem.HiddenTests.Count)));
        Assert.Equal(15, compared.Count);
        double Score(int node) => host.Prm.Score(new V1.ReasoningStep { Text = programs[node] });
        Assert.All(compared, one => Assert.Equal(1 / (1 + Math.Exp(Score(one.Second) - Score(one.First))), one.Preference, 12));

        var said = events.Where(one => one.NodeReflected is not null).Select(one => one.NodeReflected).ToList();
        Assert.Equal(5, said.Count);
        Assert.All(said, one => Assert.Contains(host.Policy.PromptsSeen, prompt =>
            prompt.Contains($"```python\n{programs[one.Node].TrimEnd()}\n```\n\nIt fails a test:\n```\n", StringComparison.Ordinal)
            && prompt.Contains($"A reviewer says:\n{one.Text}\n\nWrite the complete function", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_score_that_is_none_is_named()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Answer;
        host.Prm.Score = _ => double.PositiveInfinity;
        var error = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => host.SolveAsync(Request("llama-berry")));
        Assert.StartsWith("prm: scores are '", error.Status.Detail, StringComparison.Ordinal);
        Assert.EndsWith("': expected one finite number", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_asks_for_rewards_by_a_setting_gets_them()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var request = Request("puct");
        request.Options.Settings.Add(new V1.MethodSetting { Name = "leaf-value", Value = "process-reward" });
        Assert.NotNull((await host.SolveAsync(request))[^1].Finished);
        Assert.NotEmpty(host.Prm.Requests);
    }

    [Fact]
    public async Task Thoughts_are_rewarded_among_their_siblings()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Answer;
        var request = Request("rethink", rollouts: 4);
        request.Options.ProcessRewardWeight = 1;
        var events = await host.SolveAsync(request);
        var thoughts = events.Where(one => one.NodeAdded is { Action: V1.StepAction.Think }).Select(one => one.NodeAdded).ToList();
        Assert.All(thoughts, node => Assert.Equal(host.Prm.Reward(new V1.ReasoningStep { Text = node.Text }), node.ProcessReward));
        Assert.Equal(thoughts.Count, host.Prm.Requests.Count);
        Assert.All(host.Prm.Requests, one => Assert.All(one.Steps, step => Assert.Equal(V1.StepAction.Think, step.Action)));
    }
}
