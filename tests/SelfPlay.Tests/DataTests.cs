using O1Coder.Problems.Training;

namespace O1Coder.SelfPlay.Tests;

public sealed class DataTests
{
    [Fact]
    public async Task The_text_of_a_path_is_what_the_search_showed_and_the_model_wrote()
    {
        await using var host = await PlayHost.StartAsync();
        await host.PlayAsync(Fakes.Request("one", problems: 4), one => one.StepDone?.Name == "search");
        var rows = JsonFiles.ReadLines<PathRow>(host.At("one", "data/process-0.jsonl"));
        Assert.Contains(rows, row => row.Steps.Count == 1);
        Assert.Contains(rows, row => row.Steps.Count > 2);
        var written = host.Policy.PathsWritten.ToList();
        Assert.All(rows, row =>
        {
            var chat = new V1.ChatPrompt();
            chat.Messages.AddRange(row.Prompt.Select(message => new V1.ChatMessage
            {
                Role = message.Role == "system" ? V1.ChatRole.System : V1.ChatRole.User,
                Content = message.Content,
            }));
            var upToProgram = LoopPolicy.Render(new V1.PromptPart { Chat = chat }) + row.Completion[..^"\n```".Length];
            Assert.EndsWith(row.Program.TrimEnd(), upToProgram, StringComparison.Ordinal);
            Assert.Contains(written, path => path.StartsWith(upToProgram, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_path_without_a_program_at_its_end_is_no_text() =>
        Assert.Throws<ArgumentException>(() => PathText.CompletionOf([(Search.StepAction.DefineStructure, "1. x", "\n\n")], "pass"));

    [Fact]
    public void Correct_paths_are_short_different_and_few()
    {
        var groups = CorrectPathsStep.Select(
            [Row("a", "long program  ", 1), Row("a", "b", 1), Row("a", "b", 1), Row("a", "c", 0.5), Row("a", "dd", 1), Row("z", "no", 0)], 2);
        Assert.Equal(["b", "dd"], Assert.Single(groups).Select(example => example.Completion));
    }

    [Fact]
    public void Correct_paths_with_an_outline_are_learnt_although_they_are_longer()
    {
        PathRow[] rows = [Row("a", "b", 1), Row("a", "dd", 1), Row("a", "outlined", 1, "outline"), Row("a", "outlined too", 1, "outline")];
        Assert.Equal(["b", "outlined"], Assert.Single(CorrectPathsStep.Select(rows, 2)).Select(example => example.Completion));
        Assert.Equal(["b", "outlined", "dd", "outlined too"], Assert.Single(CorrectPathsStep.Select(rows, 9)).Select(example => example.Completion));
    }

    [Fact]
    public async Task Steps_are_valued_by_all_tests_where_the_search_knew_the_visible_ones_alone()
    {
        V1.SolveResponse[] events =
        [
            new() { Started = new V1.SearchStarted { SearchId = "s", Model = new V1.ModelIdentity(), Options = new V1.SearchOptions { CompileWeight = 0.2 } } },
            Added(1, 0, V1.StepAction.DefineStructure, "1. Think."),
            Added(2, 1, V1.StepAction.Code, "good"),
            Added(3, 1, V1.StepAction.Code, "lucky"),
            .. Judged(1, 2, "good"),
            .. Judged(2, 3, "lucky"),
        ];

        var rows = await PathExtraction.ReadAsync(Fakes.Problem("p"), events, 0, program => Task.FromResult(program == "good"
            ? new V1.ExecuteResponse { Verdict = V1.Verdict.Accepted, Compiled = true, Passed = 4, Total = 4 }
            : new V1.ExecuteResponse { Verdict = V1.Verdict.WrongAnswer, Compiled = true, Passed = 2, Total = 4 }));

        Assert.Equal([(true, 1.0), (false, 0.6)], rows.Select(row => (row.Passes, Math.Round(row.Reward, 12))));
        Assert.Equal([[0.8, 1.0], [0.8, 0.6]], rows.Select(row => row.Steps.Select(step => Math.Round(step.Value, 12)).ToArray()));
        Assert.Equal([[2, 1], [2, 1]], rows.Select(row => row.Steps.Select(step => step.Visits).ToArray()));

        static V1.SolveResponse Added(int node, int parent, V1.StepAction action, string text) => new()
        {
            NodeAdded = new V1.NodeAdded
            {
                Node = node,
                Parent = parent,
                Action = action,
                Depth = parent + 1,
                Text = text,
                Terminal = action == V1.StepAction.Code,
                Tail = "\n\n",
            },
        };

        static V1.SolveResponse[] Judged(int rollout, int node, string program) =>
        [
            new() { ProgramJudged = new V1.ProgramJudged { Node = node, Program = program, Verdict = V1.Verdict.Accepted, Passed = 2, Total = 2, Value = 1 } },
            new() { RolloutFinished = new V1.RolloutFinished { Rollout = rollout, Path = { 0, 1, node }, Value = 1 } },
        ];
    }

    [Fact]
    public async Task Programs_that_took_the_place_of_others_are_paths_of_their_own()
    {
        // 1 fails; 2 improves it and passes; 3 rewrites 2 after a critique; 4 was never backed up.
        V1.SolveResponse[] events =
        [
            new() { Started = new V1.SearchStarted { SearchId = "s", Model = new V1.ModelIdentity(), Options = new V1.SearchOptions() } },
            Step(1, 0, V1.StepAction.Code, "first"), Verdict(1, "first", passed: 1), Rollout(1, 0.5, 0, 1),
            Step(2, 1, V1.StepAction.Improve, "second"), Verdict(2, "second", passed: 2), Rollout(2, 1, 0, 1, 2),
            new() { NodeReflected = new V1.NodeReflected { Node = 2, Text = "too slow" } },
            Step(3, 2, V1.StepAction.Rewrite, "third"), Verdict(3, "third", passed: 2), Rollout(3, 1, 0, 1, 2, 3),
            new() { NodeReflected = new V1.NodeReflected { Node = 2, Text = "said later" } },
            Step(4, 3, V1.StepAction.Rewrite, "fourth"), Verdict(4, "fourth", passed: 0),
        ];

        var rows = await PathExtraction.ReadAsync(Fakes.Problem("p"), events, 0, program => Task.FromResult(
            new V1.ExecuteResponse { Verdict = V1.Verdict.Accepted, Compiled = true, Passed = 4, Total = 4 }));

        Assert.Equal(["first", "second", "third"], rows.Select(row => row.Program));
        Assert.Equal([0.5, 1, 1], rows.Select(row => row.Reward));
        Assert.All(rows, row => Assert.Equal(("Code", row.Program, row.Reward, 1), (row.Steps[0].Action, row.Steps[0].Text, row.Steps[0].Value, row.Steps[0].Visits)));
        Assert.All(rows, row => Assert.Single(row.Steps));
        Assert.All(rows, row => Assert.Equal($"```python\n{row.Program}\n```", row.Completion));
        var asked = rows.Select(row => row.Prompt[^1].Content).ToList();
        Assert.DoesNotContain("was written for it", asked[0], StringComparison.Ordinal);
        Assert.Contains("```python\nfirst\n```\n\nIt fails a test:\n```\nfailure of first\n```", asked[1], StringComparison.Ordinal);
        Assert.Contains("```python\nsecond\n```\n\nA reviewer says:\ntoo slow\n", asked[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thoughts_are_learnt_as_they_were_written_last_and_programs_of_earlier_ones_not_at_all()
    {
        V1.SolveResponse[] events =
        [
            new() { Started = new V1.SearchStarted { SearchId = "s", Model = new V1.ModelIdentity(), Options = new V1.SearchOptions() } },
            Step(1, 0, V1.StepAction.Think, "Guess."),
            Step(2, 1, V1.StepAction.Code, "wrong"), Verdict(2, "wrong", passed: 0),
            new() { NodeReflected = new V1.NodeReflected { Node = 1, Text = "it guesses" } },
            new() { NodeRevised = new V1.NodeRevised { Node = 1, Text = "Add.", Tail = "\n\n" } },
            Step(3, 1, V1.StepAction.Code, "half"), Verdict(3, "half", passed: 1),
            new() { NodeReflected = new V1.NodeReflected { Node = 1, Text = "half of it" } },
            Step(4, 1, V1.StepAction.Think, "Check."), Rollout(1, 0.5, 0, 1, 3),
            Step(5, 4, V1.StepAction.Code, "right"), Verdict(5, "right", passed: 2), Rollout(2, 0.9, 0, 1, 4, 5),
        ];

        var rows = await PathExtraction.ReadAsync(Fakes.Problem("p"), events, 0, program => Task.FromResult(
            new V1.ExecuteResponse { Verdict = V1.Verdict.WrongAnswer, Compiled = true, Passed = 3, Total = 4 }));

        Assert.Equal(["half", "right"], rows.Select(row => row.Program));
        Assert.Equal([0.5, 0.75], rows.Select(row => row.Reward));

        // What was backed up was 0.5 and 0.9; by all tests it is 0.5 and 0.75.
        Assert.Equal([0.625, 0.75, 0.75], rows[1].Steps.Select(step => Math.Round(step.Value, 12)));
        Assert.Equal(["Think", "Think", "Code"], rows[1].Steps.Select(step => step.Action));
        Assert.Equal(
            "### Step 1: think\nAdd.\n\n### Step 2: think\nCheck.\n\n### Step 3: write the program\n```python\nright\n```", rows[1].Completion);
        Assert.Equal("### Step 1: think\nAdd.\n\n### Step 2: write the program\n```python\nhalf\n```", rows[0].Completion);
        Assert.Contains("First think", rows[0].Prompt[^1].Content, StringComparison.Ordinal);
        Assert.Equal(V1.StepAction.Think, rows[0].ToValued(Fakes.Problem("p")).Steps[0].Step.Action);
    }

    private static V1.SolveResponse Step(int node, int parent, V1.StepAction action, string text) => new()
    {
        NodeAdded = new V1.NodeAdded
        {
            Node = node,
            Parent = parent,
            Action = action,
            Depth = text switch { "second" or "half" or "wrong" or "Check." => 2, "third" or "right" => 3, "fourth" => 4, _ => 1 },
            Text = text,
            Terminal = text is "wrong" or "half" or "right",
            Tail = action == V1.StepAction.Think ? "\n\n" : "\n```",
        },
    };

    private static V1.SolveResponse Verdict(int node, string program, int passed) => new()
    {
        ProgramJudged = new V1.ProgramJudged
        {
            Node = node,
            Program = program,
            Verdict = passed == 2 ? V1.Verdict.Accepted : V1.Verdict.WrongAnswer,
            Passed = passed,
            Total = 2,
            Value = passed / 2.0,
            Failure = passed == 2 ? "" : $"failure of {program}",
        },
    };

    private static V1.SolveResponse Rollout(int rollout, double value, params int[] path) =>
        new() { RolloutFinished = new V1.RolloutFinished { Rollout = rollout, Path = { path }, Value = value } };

    [Fact]
    public void A_step_that_paths_share_is_measured_once()
    {
        var (outline, first, second) = (new PathStep(1, "DefineStructure", "1.", 0.4, 2), new PathStep(2, "Code", "a", 0.8, 1), new PathStep(3, "Code", "b", 0, 1));
        var scored = PrmRateStep.EachOnce(
            [Row("a", "a", 0.8) with { Steps = [outline, first] }, Row("a", "b", 0) with { Steps = [outline, second] }], [[0.1, 0.2], [0.1, 0.3]]);
        Assert.Equal([0.1, 0.2, 0.3], scored.Scores);
        Assert.Equal([false, true, false], scored.Labels);
    }

    [Fact]
    public void Pairs_have_one_prompt_one_problem_and_a_margin()
    {
        PathRow[] rows = [Row("a", "best", 1), Row("a", "good", 0.8), Row("a", "bad", 0.75), Row("a", "worst", 0), Row("b", "lonely", 1), Row("a", "outlined", 0, "outline")];
        var groups = PreferenceStep.Select(rows, row => row.Reward, 0.1, 4);
        var pair = Assert.Single(Assert.Single(groups));
        Assert.Equal(("best", "worst"), (pair.Chosen, pair.Rejected));
        Assert.Equal(2, Assert.Single(PreferenceStep.Select(rows, row => row.Reward, 0.01, 4)).Count);
        Assert.Single(Assert.Single(PreferenceStep.Select(rows, row => row.Reward, 0.01, 1)));
    }

    [Fact]
    public void A_mix_of_paths_takes_best_and_worst_by_turns() => Assert.Equal(
        ["5", "1", "4"],
        PrmDataStep.Mixed([.. Enumerable.Range(1, 5).Select(i => Row("a", $"{i}", i / 5.0))], 3).Select(row => row.Completion));

    [Fact]
    public void Rows_are_taken_in_turns_among_problems() =>
        Assert.Equal([1, 4, 2, 5, 3], RoundRobin.Take<int>([[1, 2, 3], [4, 5, 6]], 5));

    [Theory]
    [InlineData(V1.RewardSchedule.Linear)]
    [InlineData(V1.RewardSchedule.Logarithmic)]
    public void Alpha_falls_from_below_one_to_above_a_tenth(V1.RewardSchedule schedule)
    {
        var alphas = Enumerable.Range(1, 9).Select(t => PlayRewards.OptionsOf(new V1.SelfPlaySettings { RewardSchedule = schedule, Iterations = 9, Gamma = 0.9 }).Schedule.At(t)).ToList();
        Assert.Equal(alphas.OrderDescending(), alphas);
        Assert.All(alphas, alpha => Assert.InRange(alpha, 0.1, 1));
        Assert.Equal(schedule == V1.RewardSchedule.Linear, Math.Abs(alphas[0] - alphas[1] - (alphas[7] - alphas[8])) < 1e-12);
    }

    [Fact]
    public void Generated_tests_join_the_visible_ones_and_never_judge()
    {
        var problem = Fakes.Problem("p");
        problem.HiddenTests.Clear();
        var made = PlayProblems.ForSearch(problem, [new TestText("assert add(2, 2) == 4", "", ""), new TestText("assert add(0, 1) == 1", "", "")]);
        Assert.Equal(["assert add(0, 1) == 1", "assert add(2, 2) == 4"], made.VisibleTests.Select(test => test.Assertion.Code));
        Assert.Equal(["assert add(1, 1) == 2"], made.HiddenTests.Select(test => test.Assertion.Code));
        Assert.Empty(made.ReferenceSolutions);
    }

    [Fact]
    public void A_generated_test_never_shows_a_hidden_one()
    {
        var made = PlayProblems.ForSearch(Fakes.Problem("p"), [new TestText("assert add(0,7000) == 7000", "", ""), new TestText("assert add(5, 5) == 10", "", "")]);
        Assert.Equal(
            ["assert add(0, 1) == 1", "assert add(1, 1) == 2", "assert add(5, 5) == 10"], made.VisibleTests.Select(test => test.Assertion.Code));
        Assert.Equal(2, made.HiddenTests.Count);

        var script = new V1.Problem { Id = "s", Title = "s", Statement = "Double.", Mode = V1.ProblemMode.Stdio, Language = V1.Language.Python };
        script.VisibleTests.Add(new TestText("", "1\n", "2\n").ToWire());
        script.HiddenTests.Add(new TestText("", "4\n", "8\n").ToWire());
        Assert.Equal(["1\n", "3\n"], PlayProblems.ForSearch(script, [new TestText("", "4", "8"), new TestText("", "3\n", "6\n")]).VisibleTests.Select(test => test.Stdio.Stdin));
    }

    [Fact]
    public void The_process_reward_model_sees_no_test_that_a_search_holds_out()
    {
        var problem = Fakes.Problem("p");
        problem.HiddenTests.Clear();
        var shown = PlayProblems.ForScoring(problem);
        Assert.Equal(["assert add(0, 1) == 1"], shown.VisibleTests.Select(test => test.Assertion.Code));
        Assert.Empty(shown.HiddenTests);
        Assert.Empty(shown.ReferenceSolutions);
    }

    private static PathRow Row(string problem, string text, double reward, string prompt = "go") => new()
    {
        Id = $"{problem}/{text}/{Guid.NewGuid():N}",
        Problem = problem,
        SearchId = "s",
        Round = 0,
        Seed = 0,
        Adapter = "",
        Steps = [new PathStep(1, "Code", text, reward, 1)],
        Program = text,
        Verdict = reward >= 1 ? nameof(V1.Verdict.Accepted) : nameof(V1.Verdict.WrongAnswer),
        Reward = reward,
        Prompt = [new PromptMessage("user", prompt)],
        Completion = text,
    };
}
