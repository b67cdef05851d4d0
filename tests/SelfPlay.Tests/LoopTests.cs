using System.Text.Json;
using Grpc.Core;
using O1Coder.Problems.Training;

namespace O1Coder.SelfPlay.Tests;

public sealed class LoopTests
{
    [Fact]
    public async Task A_run_goes_through_every_step_and_leaves_data_adapters_curves_and_a_report()
    {
        await using var host = await PlayHost.StartAsync();
        var events = await host.PlayAsync(Fakes.Request("one"));

        var started = events[0].Started;
        Assert.Equal(("one", 0, 23), (started.Run, started.DoneSteps, started.Steps));
        Assert.Equal(
            new V1.SelfPlaySettings
            {
                Iterations = 1,
                Quick = true,
                Seed = 5,
                Rollouts = 6,
                Prm = V1.PrmTraining.Soft,
                RewardSchedule = V1.RewardSchedule.Linear,
                Gamma = 0.9,
                EvaluationSamples = 1,
                BasePrecision = "bfloat16",
            },
            started.Settings);
        var done = events.Where(one => one.StepDone is not null).Select(one => one.StepDone).ToList();
        Assert.Equal(Enumerable.Range(1, 23), done.Select(one => one.Step));
        Assert.All(done, one => Assert.False(one.Known));
        Assert.Contains(events, one => one.Progress?.HasLoss == true);

        var process = JsonFiles.ReadLines<PathRow>(host.At("one", "data/process-1.jsonl"));
        Assert.Equal(process.Count, process.Select(row => row.Id).Distinct().Count());
        Assert.Equal(["learn-0", "learn-1", "learn-2"], process.Select(row => row.Problem).Distinct().Order());
        Assert.Contains(process, row => row.Passes);
        Assert.Contains(process, row => !row.Passes);
        Assert.Contains(process, row => row.Round == 1 && row.Adapter.Length > 0);
        Assert.All(process, row => Assert.All(row.Steps, step => Assert.True(step.Visits > 0 && step.Value is >= 0 and <= 1)));

        Assert.NotEmpty(TrainingFile.Read<CompletionExample>(host.At("one", "data/tcg-sft.jsonl")).Examples);
        Assert.NotEmpty(TrainingFile.Read<PreferenceExample>(host.At("one", "data/tcg-dpo.jsonl")).Examples);
        Assert.NotEmpty(TrainingFile.Read<CompletionExample>(host.At("one", "data/policy-sft.jsonl")).Examples);
        Assert.NotEmpty(TrainingFile.Read<StepwiseExample>(host.At("one", "data/prm-1.jsonl")).Examples);
        Assert.NotEmpty(TrainingFile.Read<PreferenceExample>(host.At("one", "data/policy-dpo-1.jsonl")).Examples);
        Assert.Equal(
            ["one.04-tcg-sft", "one.07-tcg-dpo", "one.12-policy-sft", "one.15-prm-1", "one.20-policy-dpo-1"],
            host.Trainer.Jobs.Keys.Order());
        Assert.EndsWith("adapters/tcg-sft", host.Trainer.Jobs["one.07-tcg-dpo"].StartAdapter, StringComparison.Ordinal);
        Assert.EndsWith("adapters/policy-sft", host.Trainer.Jobs["one.20-policy-dpo-1"].StartAdapter, StringComparison.Ordinal);

        // Kept: the best generator, the better process reward model, the last policy that is no worse.
        Assert.Equal(host.At("one", "adapters/tcg-dpo"), host.Policy.Adapters["tcg"].Folder);
        var finished = events[^1].Finished;
        Assert.Equal(host.At("one", "policy"), finished.PolicyAdapter);
        Assert.Equal(
            Fakes.VersionOf(host.At("one", "adapters/policy-dpo-1")), Fakes.VersionOf(host.At("latest", "policy")));
        Assert.Equal("step,epoch,loss,gradient_norm,learning_rate,tokens_per_second,seconds,accuracy", File.ReadLines(host.At("one", "curves/tcg-sft.csv")).First());
        Assert.Equal(4, File.ReadLines(host.At("one", "curves/tcg-sft.csv")).Count());
        Assert.False(Directory.Exists(host.At("one", "work")) && Directory.EnumerateDirectories(host.At("one", "work")).Any());
    }

    [Fact]
    public async Task The_report_says_what_it_brought_what_was_kept_and_with_which_settings()
    {
        await using var host = await PlayHost.StartAsync();
        var finished = (await host.PlayAsync(Fakes.Request("one")))[^1].Finished;
        var report = await File.ReadAllTextAsync(finished.ReportPath, TestContext.Current.CancellationToken);
        Assert.Contains("| greedy pass@1 | 0.333 [0.167, 1.000] | 0.667 [0.333, 1.000] | 3 |", report, StringComparison.Ordinal);
        Assert.Contains("| aspr | 0.250 [0.100, 0.500] | 0.250", report, StringComparison.Ordinal);
        Assert.Contains("| base | 0.250", report, StringComparison.Ordinal);
        Assert.Contains("| sft | 0.500", report, StringComparison.Ordinal);
        Assert.Contains("| dpo | 0.750", report, StringComparison.Ordinal);
        Assert.Contains("prm accuracy, zero-shot", report, StringComparison.Ordinal);
        Assert.Contains("prm calibration error, trained", report, StringComparison.Ordinal);
        Assert.Contains("- policy-sft-gate: kept: 1 → 2 of 3 problems, gained held-1", report, StringComparison.Ordinal);
        Assert.Contains("curves/policy-dpo-1.svg", report, StringComparison.Ordinal);
        Assert.Contains($"| model hash | {new string('a', 64)} |", report, StringComparison.Ordinal);
        Assert.Contains("| seed | 5 |", report, StringComparison.Ordinal);
        Assert.DoesNotContain("not finished", report, StringComparison.Ordinal);
        Assert.Contains("- policy: adapters/policy-dpo-1", finished.Summary, StringComparison.Ordinal);
        foreach (var line in report.Split('\n').Where(line => line.StartsWith('|') && line.Contains("](steps/", StringComparison.Ordinal)))
        {
            var path = line.Split("](")[1].Split(')')[0];
            using var record = JsonDocument.Parse(await File.ReadAllTextAsync(host.At("one", path), TestContext.Current.CancellationToken));
            Assert.True(record.RootElement.GetProperty("outputs").ValueKind == JsonValueKind.Array);
        }
    }

    [Fact]
    public async Task Hidden_tests_judge_but_are_never_shown()
    {
        await using var host = await PlayHost.StartAsync();
        await host.PlayAsync(Fakes.Request("one"));
        Assert.DoesNotContain(host.Policy.PathsWritten, path => path.Contains("7000", StringComparison.Ordinal));
        Assert.Contains(host.Policy.PathsWritten, path => path.Contains("assert add(50, 2) == 52", StringComparison.Ordinal));
        Assert.DoesNotContain("7000", await File.ReadAllTextAsync(host.At("one", "data/policy-sft.jsonl"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var process = JsonFiles.ReadLines<PathRow>(host.At("one", "data/process-1.jsonl"));

        // Four visible tests are not all: two hidden ones fail.
        Assert.All(process, row => Assert.Equal(row.Program.StartsWith("# passes 9", StringComparison.Ordinal), row.Passes));
    }

    [Fact]
    public async Task Two_iterations_train_the_process_reward_model_on_the_new_paths_too()
    {
        await using var host = await PlayHost.StartAsync();
        var request = Fakes.Request("two", iterations: 2);
        request.Settings.Rewards = "efficiency=1,readability=2,conditions=4,overfit=0.5";
        await host.PlayAsync(request);
        var old = JsonFiles.ReadLines<PathRow>(host.At("two", "data/process-1.jsonl"));
        var all = JsonFiles.ReadLines<PathRow>(host.At("two", "data/process-2.jsonl"));
        Assert.Equal([0, 1, 2], all.Select(row => row.Round).Distinct().Order());
        Assert.Equal(old.Select(row => row.Id), all.Take(old.Count).Select(row => row.Id));
        Assert.EndsWith("adapters/policy-dpo-1", host.Trainer.Jobs.Values.Single(job => job.JobId.EndsWith("policy-dpo-2", StringComparison.Ordinal)).StartAdapter, StringComparison.Ordinal);
        var alphas = Enumerable.Range(1, 2).Select(i => JsonFiles.ReadLines<RewardRow>(host.At("two", $"data/rewards-{i}.jsonl"))[0].Alpha).ToList();
        Assert.Equal(0.7, alphas[0], tolerance: 1e-12);
        Assert.Equal(0.4, alphas[1], tolerance: 1e-12);

        // One that passes: cost 2, 4 lines beside 2: (1·1 + 1·½ + 2·(½·½ + ½))/4; its program is not covered by formal checks.
        var rewards = JsonFiles.ReadLines<RewardRow>(host.At("two", "data/rewards-1.jsonl"));
        var passing = all.Where(row => row.Passes).Select(row => row.Id).ToHashSet();
        Assert.All(rewards, row => Assert.Equal(passing.Contains(row.Id), row.Outcome > 0.5));
        Assert.All(rewards.Where(row => passing.Contains(row.Id)), row => Assert.Equal(0.75, row.Outcome, tolerance: 1e-12));
        Assert.All(rewards, row => Assert.Equal(5, row.Parts.Count));
        Assert.All(rewards.Where(row => row.Overfit), row => Assert.True(row.Parts[^1].Contribution < 0));

        // Policy serves a limited number of adapters: what was replaced is not left behind.
        Assert.DoesNotContain(host.Policy.Adapters.Values, adapter => Path.GetFileName(adapter.Folder).StartsWith("policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_correct_path_nothing_is_trained_on_correct_paths_and_the_loop_goes_on()
    {
        await using var host = await PlayHost.StartAsync();
        host.Sandbox.Before = (_, request) => V1.Verdict.WrongAnswer;
        var events = await host.PlayAsync(Fakes.Request("none"));
        var steps = events.Where(one => one.StepDone is not null).ToDictionary(one => one.StepDone.Name, one => one.StepDone.Summary);
        Assert.Equal("no examples: nothing to train", steps["policy-sft"]);
        Assert.Equal("there is no new adapter: the policy stays", steps["policy-sft-gate"]);
        Assert.NotNull(events[^1].Finished);
        Assert.False(host.Trainer.Jobs.ContainsKey("none.12-policy-sft"));
    }

    [Fact]
    public async Task A_new_policy_that_is_worse_is_kept_aside_with_the_reason()
    {
        await using var host = await PlayHost.StartAsync();
        host.Evaluator.Solved = adapter => adapter == "policy-dpo-1" ? 0 : adapter.Length == 0 ? 1 : 2;
        var events = await host.PlayAsync(Fakes.Request("one"));
        var gate = events.Single(one => one.StepDone?.Name == "policy-dpo-1-gate").StepDone;
        Assert.Equal("kept aside, it is worse: 2 → 0 of 3 problems, lost held-0 held-1", gate.Summary);
        Assert.Equal(Fakes.VersionOf(host.At("one", "adapters/policy-sft")), Fakes.VersionOf(host.At("one", "policy")));
        Assert.True(Directory.Exists(host.At("one", "adapters/policy-dpo-1")));
    }

    [Fact]
    public async Task No_adapter_is_kept_when_none_is_better()
    {
        await using var host = await PlayHost.StartAsync();
        host.Evaluator.Solved = adapter => adapter.Length == 0 ? 2 : 1;
        host.Tcg.Good = folder => folder.Length == 0 ? 3 : 2;
        host.Prm.Score = (folder, text) => (folder.Length == 0) == text.StartsWith("# passes 9", StringComparison.Ordinal) ? 0.9 : 0.1;
        var events = await host.PlayAsync(Fakes.Request("one"));
        Assert.Equal("", events[^1].Finished.PolicyAdapter);
        Assert.False(Directory.Exists(host.At("one", "policy")));
        Assert.Contains("- test-case generator: the base model\n- process reward model: zero-shot", events[^1].Finished.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_that_runs_away_costs_its_adapter_and_not_the_run()
    {
        await using var host = await PlayHost.StartAsync();
        host.Trainer.Failure = job => job.EndsWith("policy-sft", StringComparison.Ordinal) ? V1.JobFailure.NotFinite : null;
        var events = await host.PlayAsync(Fakes.Request("one"));
        Assert.Equal("training stopped, no adapter: the loss is NaN at step 3", events.Single(one => one.StepDone?.Name == "policy-sft").StepDone.Summary);
        Assert.Equal("", host.Trainer.Jobs["one.20-policy-dpo-1"].StartAdapter);
        Assert.NotNull(events[^1].Finished);
    }

    [Fact]
    public async Task A_generator_that_repeats_the_examples_has_no_rate_and_the_report_says_why()
    {
        await using var host = await PlayHost.StartAsync();
        host.Tcg.Repeats = folder => folder.Length == 0;
        var steps = (await host.PlayAsync(Fakes.Request("one"))).Where(one => one.StepDone is not null)
            .ToDictionary(one => one.StepDone.Name, one => one.StepDone.Summary);
        Assert.Equal("all 12 cases repeat the examples or each other: there is no rate", steps["tcg-rate-base"]);
        Assert.Equal("50.0 %: 6 of 12 cases are good; kept, nothing had a rate before", steps["tcg-rate-sft"]);
        Assert.Equal("75.0 %: 9 of 12 cases are good; kept, the best before was 50.0 %", steps["tcg-rate-dpo"]);
    }

    [Fact]
    public async Task A_trainer_without_disk_stops_the_run_in_one_line()
    {
        await using var host = await PlayHost.StartAsync();
        host.Trainer.Failure = _ => V1.JobFailure.Storage;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.PlayAsync(Fakes.Request("one")));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("step 4, tcg-sft: trainer: job one.04-tcg-sft: Failed: the loss is NaN at step 3", error.Status.Detail);
    }
}
