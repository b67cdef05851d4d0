using System.CommandLine;
using System.Security.Cryptography;
using Google.Protobuf;
using O1Coder.Cli.Commands;
using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>Makes the job from the arguments.</summary>
internal static class TrainJobReader
{
    private static readonly string[] s_targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>Reads the arguments and checks what needs no system.</summary>
    /// <exception cref="BadInputException">A file is missing, options do not go together, or a line of the data set is malformed.</exception>
    public static TrainJob Read(ParseResult parsed, TrainCommand command, Terminal terminal)
    {
        var file = parsed.GetValue(command.File)!;
        var data = terminal.FullPath(file);
        if (!File.Exists(data))
        {
            throw new BadInputException($"FILE is \"{file}\"; expected a file that exists");
        }

        var method = parsed.CommandResult.Command.Name;
        var adapter = parsed.GetValue(command.Adapter);
        var lora = Lora(parsed, command, adapter is not null);
        var job = new TrainingJob
        {
            Method = Method(parsed, command),
            DataPath = data,
            OutputFolder = terminal.FullPath(parsed.GetValue(command.Out) ?? Path.Combine("adapters", $"{Path.GetFileNameWithoutExtension(data)}-{method}")),
            StartAdapter = AdapterPath.ReadAdapter(adapter, "--adapter", terminal),
            Lora = lora,
            Optimizer = new OptimizerOptions
            {
                LearningRate = parsed.GetValue(command.LearningRate),
                Schedule = parsed.GetValue(command.Schedule) == "cosine" ? LearningRateSchedule.Cosine : LearningRateSchedule.Constant,
                WarmupSteps = parsed.GetValue(command.Warmup),
                Epochs = parsed.GetValue(command.Epochs),
                MaxSteps = parsed.GetValue(command.MaxSteps),
                TokensPerBatch = parsed.GetValue(command.Tokens),
                Accumulation = parsed.GetValue(command.Accumulation),
                MaxRowTokens = parsed.GetValue(command.MaxRowTokens),
                SkipLongRows = parsed.GetValue(command.SkipLong),
                Seed = parsed.GetValue(command.Seed),
            },
            BasePrecision = parsed.GetValue(command.Base) == "float32" ? BasePrecision.Float32 : BasePrecision.Bfloat16,
            GradientCheckpointing = parsed.GetValue(command.Checkpointing),
        };
        if (parsed.CommandResult.Command == command.Dpo)
        {
            job.Dpo = Dpo(parsed, command);
        }

        TrainFile.Check(data, job.Method);
        job.JobId = $"train-{method}-{Fingerprint(job)}";
        return new TrainJob(job, $"{method} on {file}", parsed.GetValue(CommandLine.Json), parsed.GetValue(CommandLine.Plain));
    }

    // Content too: a finished job is not done again, so a file that was changed has to be another job.
    private static string Fingerprint(TrainingJob job)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(job.ToByteArray());
        string[] files = job.StartAdapter.Length == 0 ? [job.DataPath] : [job.DataPath, .. AdapterPath.FilesOf(job.StartAdapter)];
        foreach (var file in files)
        {
            try
            {
                using var stream = File.OpenRead(file);
                hash.AppendData(SHA256.HashData(stream));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new BadInputException($"{file} cannot be read: {exception.Message}");
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static TrainingMethod Method(ParseResult parsed, TrainCommand command) =>
        parsed.CommandResult.Command == command.Sft ? TrainingMethod.Sft
        : parsed.CommandResult.Command == command.Dpo ? TrainingMethod.Dpo
        : parsed.GetValue(command.StepLoss) switch
        {
            "hard" => TrainingMethod.PrmHard,
            "pairs" => TrainingMethod.PrmPairs,
            _ => TrainingMethod.PrmSoft,
        };

    private static LoraOptions? Lora(ParseResult parsed, TrainCommand command, bool startsFromAdapter)
    {
        var targets = parsed.GetValue(command.Targets) is { } names ? names.Split(',', StringSplitOptions.TrimEntries) : [];
        if (targets.FirstOrDefault(name => !s_targets.Contains(name) || targets.Count(other => other == name) > 1) is { } wrong)
        {
            throw new BadInputException($"--targets has \"{wrong}\"; expected some of {string.Join(", ", s_targets)}, each once");
        }

        var (rank, alpha) = (parsed.GetValue(command.Rank), parsed.GetValue(command.Alpha));
        if (!startsFromAdapter)
        {
            return new LoraOptions { Rank = rank, Alpha = alpha, Targets = { targets } };
        }

        return rank == 0 && alpha == 0 && targets.Length == 0
            ? null
            : throw new BadInputException("--rank, --alpha and --targets are for a new adapter; with --adapter expected none of them");
    }

    private static DpoOptions Dpo(ParseResult parsed, TrainCommand command)
    {
        var loss = parsed.GetValue(command.PreferenceLoss);
        var smoothing = parsed.GetValue(command.LabelSmoothing);
        if (smoothing > 0 && loss != "sigmoid")
        {
            throw new BadInputException($"--label-smoothing is for --loss sigmoid; with {loss} expected none");
        }

        return new DpoOptions
        {
            Beta = parsed.GetValue(command.Beta),
            Loss = loss switch { "ipo" => PreferenceLoss.Ipo, "hinge" => PreferenceLoss.Hinge, _ => PreferenceLoss.Sigmoid },
            LabelSmoothing = smoothing,
        };
    }
}
