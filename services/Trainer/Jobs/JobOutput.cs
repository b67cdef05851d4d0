using Grpc.Core;
using O1Coder.Learning.Training;

namespace O1Coder.Trainer;

/// <summary>The folder that a job writes its adapter into, and the one of its checkpoints beside it.</summary>
internal static class JobOutput
{
    /// <summary>Where a job's checkpoints lie until it is done; see <see cref="TrainingRun"/>.</summary>
    public static string CheckpointsOf(TrainingSpec spec) => $"{spec.OutputFolder}.checkpoints";

    /// <summary>Deletes a job's checkpoints; does nothing where there are none.</summary>
    /// <exception cref="IOException">They cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">They must not be deleted.</exception>
    public static void DeleteCheckpoints(TrainingSpec spec)
    {
        var folder = CheckpointsOf(spec);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Refuses a folder that another job holds: two do not write into one. A job that has failed or was cancelled, or whose
    /// adapter somebody has removed, holds none; one that was interrupted does, for nobody has given it up.
    /// </summary>
    /// <param name="spec">What would write there.</param>
    /// <param name="before">The job that had the folder before; null for none.</param>
    /// <exception cref="RpcException">InvalidArgument.</exception>
    public static void RequireFree(TrainingSpec spec, Job? before)
    {
        if (before is not null && (before.IsFinished || before.State is V1.JobState.Queued or V1.JobState.Running or V1.JobState.Interrupted))
        {
            var holds = before.State == V1.JobState.Interrupted ? "was interrupted there and goes on when it is submitted again" : "writes there";
            throw new RpcException(new Status(StatusCode.InvalidArgument,
                $"job.output_folder is '{spec.OutputFolder}': expected a folder of its own: job '{before.Description.JobId}', with other data or options, {holds}"));
        }

        // What else the folder holds the run judges: an adapter that this very specification made may be there.
        if (File.Exists(spec.OutputFolder))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument,
                $"job.output_folder is '{spec.OutputFolder}', a file: expected a folder, empty or new"));
        }
    }
}
