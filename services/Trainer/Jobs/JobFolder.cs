using System.Globalization;
using System.Text;
using Google.Protobuf;

namespace O1Coder.Trainer;

/// <summary>
/// One job's folder: <c>job.json</c> (what to do) and <c>created.txt</c>, written once; <c>state.json</c> (where it stands) and
/// <c>inputs.txt</c> (the hash of what it reads), each time anew; <c>steps.jsonl</c>, a line a step. All but the last are written
/// to a temporary file, flushed and renamed.
/// </summary>
/// <param name="path">The folder, absolute.</param>
internal sealed class JobFolder(string path)
{
    private static readonly JsonFormatter s_json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private readonly string _job = System.IO.Path.Combine(path, "job.json");
    private readonly string _created = System.IO.Path.Combine(path, "created.txt");
    private readonly string _state = System.IO.Path.Combine(path, "state.json");
    private readonly string _inputs = System.IO.Path.Combine(path, "inputs.txt");
    private readonly string _steps = System.IO.Path.Combine(path, "steps.jsonl");

    /// <summary>The folder, absolute.</summary>
    public string Path => path;

    /// <summary>Whether a job lies there.</summary>
    public bool Exists => File.Exists(_job);

    /// <summary>Keeps a new job.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public void Create(V1.TrainingJob job, DateTimeOffset created)
    {
        Directory.CreateDirectory(path);
        WriteWhole(_created, created.ToString("O", CultureInfo.InvariantCulture));
        WriteWhole(_job, s_json.Format(job));
    }

    /// <summary>Gives a new job up that could not be taken on: its name is free again.</summary>
    public void Discard()
    {
        try
        {
            File.Delete(_job);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is taken up as interrupted when the service starts again.
        }
    }

    /// <summary>Takes a job off the disk.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be deleted.</exception>
    public void Delete()
    {
        // Cut short, it leaves no job.
        File.Delete(_job);
        Directory.Delete(path, recursive: true);
    }

    /// <summary>Keeps the hash of what the job reads; see <see cref="JobInputs"/>.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public void WriteInputs(string hash) => WriteWhole(_inputs, hash);

    /// <summary>Keeps where the job stands.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public void WriteState(V1.JobState state, V1.JobEnded? ended) =>
        WriteWhole(_state, s_json.Format(new V1.JobSummary { State = state, Ended = ended }));

    /// <summary>Reads the job.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what was written.</exception>
    public StoredJob Read()
    {
        try
        {
            var job = V1.TrainingJob.Parser.ParseJson(File.ReadAllText(_job));
            var created = DateTimeOffset.ParseExact(File.ReadAllText(_created), "O", CultureInfo.InvariantCulture);
            var state = File.Exists(_state) ? V1.JobSummary.Parser.ParseJson(File.ReadAllText(_state)) : new V1.JobSummary();
            return new StoredJob(job, created, state.State, state.Ended, File.Exists(_inputs) ? File.ReadAllText(_inputs) : "");
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} holds no job: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Reads the steps, up to a line that a crash has cut.</summary>
    public List<V1.TrainingStep> ReadSteps()
    {
        var steps = new List<V1.TrainingStep>();
        foreach (var line in File.Exists(_steps) ? File.ReadLines(_steps) : [])
        {
            try
            {
                var step = V1.TrainingStep.Parser.ParseJson(line);
                if (step.Step != steps.Count + 1)
                {
                    break;
                }

                steps.Add(step);
            }
            catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
            {
                break;
            }
        }

        return steps;
    }

    /// <summary>Opens the file of steps anew, empty.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public StreamWriter OpenSteps() => new(
        new FileStream(_steps, FileMode.Create, FileAccess.Write, FileShare.Read), new UTF8Encoding(false))
    { AutoFlush = true };

    /// <summary>One step as a line.</summary>
    public static string Line(V1.TrainingStep step) => s_json.Format(step);

    private static void WriteWhole(string file, string text)
    {
        var temporary = $"{file}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
