using Grpc.Core;

namespace O1Coder.Trainer;

/// <summary>The jobs that lie on the disk when the service starts.</summary>
internal static class StoredJobs
{
    /// <summary>Takes up every job; what ran or waited when the service ended is interrupted.</summary>
    /// <param name="folder">The folder of all jobs' folders; need not be there.</param>
    /// <param name="logger">Is told of folders that hold no job that can be read.</param>
    public static IReadOnlyList<Job> Recover(string folder, ILogger logger) => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder).Select(path => Recover(new JobFolder(path), logger)).OfType<Job>()]
        : [];

    private static Job? Recover(JobFolder folder, ILogger logger)
    {
        try
        {
            if (!folder.Exists)
            {
                return null;
            }

            var stored = folder.Read();
            if (stored.Job.JobId != Path.GetFileName(folder.Path))
            {
                throw new InvalidDataException($"it holds job '{stored.Job.JobId}': expected the folder's own name");
            }

            if (stored.Ended is null)
            {
                var step = folder.ReadSteps().Count;
                var interrupted = new V1.JobEnded
                {
                    State = V1.JobState.Interrupted,
                    Message = $"the service ended after step {step}: submit the job again and it goes on from its last checkpoint",
                };
                folder.WriteState(interrupted.State, interrupted);
                stored = stored with { State = interrupted.State, Ended = interrupted };
            }

            return new Job(folder, stored, JobReader.Read(stored.Job));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or RpcException)
        {
            // One damaged folder does not keep the service from the others; its name stays taken.
            logger.LogError("{Folder} is left alone: {Message}", folder.Path, exception.Message);
            return null;
        }
    }
}
