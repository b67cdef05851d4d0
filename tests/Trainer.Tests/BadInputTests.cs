using Grpc.Core;

namespace O1Coder.Trainer.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly JobFixture _files = new();
    private readonly ScriptedTrainer _trainer = new();

    public static TheoryData<string, Action<V1.TrainingJob>, string> Fields => new()
    {
        { "id", job => job.JobId = "../x", "job.job_id is '../x'" },
        { "dots", job => job.JobId = "..", "job.job_id is '..'" },
        { "method", job => job.Method = V1.TrainingMethod.Unspecified, "job.method is 'Unspecified': expected SFT" },
        { "data", job => job.DataPath = "sft.jsonl", "job.data_path is 'sft.jsonl': expected an absolute path" },
        { "output", job => job.OutputFolder = "", "job.output_folder is '': expected an absolute path" },
        { "rank", job => job.Lora = new V1.LoraOptions { Rank = -1 }, "job.lora.rank is -1: expected from 1 to 64" },
        { "alpha", job => job.Lora = new V1.LoraOptions { Alpha = double.NaN }, "job.lora.alpha is NaN" },
        { "dropout", job => job.Lora = new V1.LoraOptions { Dropout = 1 }, "job.lora.dropout is 1" },
        { "targets", job => job.Lora = new V1.LoraOptions { Targets = { "lm_head" } }, "job.lora.targets is [lm_head]" },
        { "rate", job => job.Optimizer = new V1.OptimizerOptions { LearningRate = double.NaN }, "job.optimizer.learning_rate is NaN: expected above 0, at most 1" },
        { "epochs", job => job.Optimizer = new V1.OptimizerOptions { Epochs = -1 }, "job.optimizer.epochs is -1" },
        { "decay", job => job.Optimizer = new V1.OptimizerOptions { WeightDecay = -1 }, "job.optimizer.weight_decay is -1" },
        { "schedule", job => job.Optimizer = new V1.OptimizerOptions { Schedule = (V1.LearningRateSchedule)9 }, "job.optimizer.schedule is '9'" },
        { "beta", job => job.Dpo = new V1.DpoOptions { Beta = -0.1 }, "job.dpo.beta is -0.1" },
        { "smoothing", job => job.Dpo = new V1.DpoOptions { Loss = V1.PreferenceLoss.Ipo, LabelSmoothing = 0.1 }, "job.dpo.label_smoothing is '0.1'" },
        { "labels", job => job.Prm = new V1.PrmOptions { Positive = " -" }, "job.prm.negative is ' -'" },
        { "precision", job => job.BasePrecision = (V1.BasePrecision)7, "job.base_precision is '7'" },
        { "checkpoints", job => job.CheckpointEvery = -3, "job.checkpoint_every is -3" },
        { "long id", job => job.JobId = new string('x', 1_000_000), "job.job_id is 'xxx" },
        { "unknown method", job => job.Method = (V1.TrainingMethod)99, "job.method is '99'" },
        { "zero byte", job => job.DataPath = "/a\0b", "job.data_path is '/a" },
        { "start", job => (job.StartAdapter, job.Lora) = ("adapter", null), "job.start_adapter is 'adapter': expected an absolute path" },
        { "huge rank", job => job.Lora = new V1.LoraOptions { Rank = int.MaxValue }, "job.lora.rank is 2147483647" },
        { "negative alpha", job => job.Lora = new V1.LoraOptions { Alpha = -1 }, "job.lora.alpha is -1" },
        { "dropout NaN", job => job.Lora = new V1.LoraOptions { Dropout = double.NaN }, "job.lora.dropout is NaN" },
        { "targets twice", job => job.Lora = new V1.LoraOptions { Targets = { "q_proj", "q_proj" } }, "job.lora.targets is [q_proj, q_proj]" },
        { "infinite rate", job => job.Optimizer = new V1.OptimizerOptions { LearningRate = double.PositiveInfinity }, "job.optimizer.learning_rate is" },
        { "warm-up", job => job.Optimizer = new V1.OptimizerOptions { WarmupSteps = -1 }, "job.optimizer.warmup_steps is -1: expected at least 0" },
        { "decay NaN", job => job.Optimizer = new V1.OptimizerOptions { WeightDecay = double.NaN }, "job.optimizer.weight_decay is NaN" },
        { "norm", job => job.Optimizer = new V1.OptimizerOptions { MaxGradientNorm = double.NaN }, "job.optimizer.max_gradient_norm is NaN" },
        { "exploding", job => job.Optimizer = new V1.OptimizerOptions { ExplodingGradientNorm = -1 }, "job.optimizer.exploding_gradient_norm is -1" },
        { "steps", job => job.Optimizer = new V1.OptimizerOptions { MaxSteps = int.MinValue }, "job.optimizer.max_steps is -2147483648" },
        { "batch", job => job.Optimizer = new V1.OptimizerOptions { TokensPerBatch = 1_000_000_000 }, "job.optimizer.tokens_per_batch is 1000000000: expected from 64 to 65536" },
        { "accumulation", job => job.Optimizer = new V1.OptimizerOptions { Accumulation = 1_000_000_000 }, "job.optimizer.accumulation is 1000000000" },
        { "row", job => job.Optimizer = new V1.OptimizerOptions { MaxRowTokens = 1 }, "job.optimizer.max_row_tokens is 1: expected from 2" },
        { "beta NaN", job => job.Dpo = new V1.DpoOptions { Beta = double.NaN }, "job.dpo.beta is NaN" },
        { "loss", job => job.Dpo = new V1.DpoOptions { Loss = (V1.PreferenceLoss)9 }, "job.dpo.loss is '9'" },
        { "smoothing NaN", job => job.Dpo = new V1.DpoOptions { LabelSmoothing = double.NaN }, "job.dpo.label_smoothing is" },
        { "both", job => (job.StartAdapter, job.Lora) = ("/x", new V1.LoraOptions { Rank = 4 }), "job.lora is 'given'" },
    };

    [Theory]
    [MemberData(nameof(Fields), DisableDiscoveryEnumeration = true)]
    public void A_field_out_of_range_is_named(string name, Action<V1.TrainingJob> change, string message)
    {
        Assert.NotEmpty(name);
        var job = _files.Sft("one");
        change(job);
        var refused = Assert.Throws<RpcException>(() => JobReader.Read(job));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(message, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_job_at_all_is_named()
    {
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await host.Client.SubmitAsync(new V1.SubmitRequest(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("job is absent: expected a job", refused.Status.Detail);
        refused = await Assert.ThrowsAsync<RpcException>(() => host.WatchAsync("nobody"));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        refused = await Assert.ThrowsAsync<RpcException>(() => host.WatchAsync("nobody", afterStep: -1));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Theory]
    [InlineData(V1.TrainingMethod.Sft, "", "with at least one example")]
    [InlineData(V1.TrainingMethod.Sft, "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"prompt\":\"a\"}", "2")]
    [InlineData(V1.TrainingMethod.Sft, "{\"prompt\":\"a\",\"completion\":", "the line is not valid JSON")]
    [InlineData(V1.TrainingMethod.Dpo, "{\"prompt\":\"a\",\"completion\":\"b\"}", "job.data_path: ")]
    [InlineData(V1.TrainingMethod.PrmHard, "{\"prompt\":\"a\",\"completions\":[\"x\",\"y\"],\"labels\":[1,0.25]}", "with a label of 0.25 in example 1': expected labels of 0 or 1")]
    public async Task A_broken_data_set_is_named(V1.TrainingMethod method, string text, string message)
    {
        var job = _files.Sft("one");
        job.Method = method;
        File.WriteAllText(job.DataPath, text);
        await RefusedAsync(StatusCode.InvalidArgument, message, job);
    }

    [Fact]
    public async Task Soft_labels_are_for_the_soft_loss()
    {
        var job = _files.Sft("one");
        job.Method = V1.TrainingMethod.PrmSoft;
        File.WriteAllText(job.DataPath, """{"prompt":"a","completions":["x","y"],"labels":[true,0.25]}""");
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        await host.SubmitAsync(job);
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("one")).State);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        var job = _files.Sft("one");
        File.Delete(job.DataPath);
        await RefusedAsync(StatusCode.NotFound, "no such file", job);

        job = _files.Sft("one");
        job.StartAdapter = Path.Combine(_files.Folder, "gone");
        await RefusedAsync(StatusCode.NotFound, "job.start_adapter is", job);

        // An adapter whose configuration says another rank than its weights have.
        job.StartAdapter = Directory.CreateDirectory(Path.Combine(_files.Folder, "start")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(TrainerHost.Model, "adapter")))
        {
            File.WriteAllBytes(Path.Combine(job.StartAdapter, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        var config = Path.Combine(job.StartAdapter, Models.PeftFolder.ConfigName);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"r\": 4", "\"r\": 8", StringComparison.Ordinal));
        await RefusedAsync(StatusCode.InvalidArgument, "another rank or another model's adapter", job);
    }

    [Fact]
    public void A_job_reads_back_as_itself()
    {
        var job = _files.Sft("one");
        job.Method = V1.TrainingMethod.Dpo;
        job.Dpo = new V1.DpoOptions { Beta = 0.3, Loss = V1.PreferenceLoss.Hinge };
        job.Optimizer = new V1.OptimizerOptions { WeightDecay = 0, Seed = ulong.MaxValue, SkipLongRows = true, Schedule = V1.LearningRateSchedule.Cosine };
        job.Lora = new V1.LoraOptions { Rank = 2, Targets = { "q_proj", "v_proj" } };
        job.BasePrecision = V1.BasePrecision.Float32;
        var spec = JobReader.Read(job);
        var full = JobMessages.Job("one", spec);
        Assert.Equal(4, full.Lora.Alpha);
        Assert.Equal(2e-5, full.Optimizer.LearningRate);
        Assert.True(full.Optimizer.HasWeightDecay);
        Assert.Equal(spec, JobReader.Read(full));
        Assert.Equal(full, JobMessages.Job("one", JobReader.Read(full)));

        job.StartAdapter = "/adapter";
        job.Lora = null;
        full = JobMessages.Job("one", JobReader.Read(job));
        Assert.Equal(full, JobMessages.Job("one", JobReader.Read(full)));
    }

    public void Dispose() => _files.Dispose();

    private async Task RefusedAsync(StatusCode status, string message, V1.TrainingJob job)
    {
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.SubmitAsync(job));
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(message, refused.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Status.Detail);
        Assert.False(Directory.Exists(_files.Runs));
        Assert.Empty(_trainer.Runs);
    }
}
