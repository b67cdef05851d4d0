using System.Text.Encodings.Web;
using System.Text.Json;
using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>
/// The results' file: one JSON object a line, a problem and sample of an arm each. Lines go to a file beside it,
/// FILE.partial, which takes its place at the end: what is under the name is whole.
/// </summary>
internal sealed class SampleFile : IDisposable
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _path;
    private readonly FileStream _file;
    private readonly StreamWriter _lines;

    /// <summary>Begins the file.</summary>
    /// <param name="path">Its name at the end.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public SampleFile(string path)
    {
        _path = path;
        _file = new FileStream(PartialOf(path), FileMode.Create, FileAccess.Write, FileShare.Read);
        _lines = new StreamWriter(_file) { NewLine = "\n" };
    }

    /// <summary>The name while it is being written.</summary>
    public static string PartialOf(string path) => path + ".partial";

    /// <summary>Appends a sample.</summary>
    public void Append(ArmView arm, EvaluationSample sample)
    {
        _lines.WriteLine(JsonSerializer.Serialize(
            new
            {
                Arm = arm.Name,
                AdapterVersion = arm.Started?.Model?.AdapterVersion is { Length: > 0 } version ? version : null,
                Problem = sample.ProblemId,
                sample.Sample,
                Verdict = Words.Name(sample.Verdict),
                sample.Passed,
                sample.Total,
                Program = sample.Program.Length > 0 ? sample.Program : null,
                Tokens = sample.GeneratedTokens,
                Seconds = Math.Round(sample.Seconds, 4),
                sample.CorrectPaths,
                sample.LastStepSamples,
                sample.LastStepPasses,
            },
            s_options));
        _lines.Flush();
    }

    /// <summary>Everything is there: the file gets its name.</summary>
    public void Finish()
    {
        _lines.Flush();
        _file.Flush(flushToDisk: true);
        File.Move(PartialOf(_path), _path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
