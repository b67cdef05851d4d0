using System.Runtime.InteropServices;
using O1Coder.Cli.Display;
using O1Coder.Problems;
using O1Coder.Problems.DataSets;

namespace O1Coder.Cli.Datasets;

/// <summary>
/// What the commands on data sets have in common: files by the terminal's folder, one line for what is malformed, progress
/// on a terminal, and Ctrl+C, which leaves nothing half written.
/// </summary>
internal sealed class DatasetWork : IDisposable
{
    private const int MostNotes = 20;
    private const int ProgressStep = 1000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Terminal _terminal;
    private bool _hasProgress;

    /// <summary>Begins.</summary>
    public DatasetWork(Terminal terminal)
    {
        _terminal = terminal;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = !_stopping.IsCancellationRequested;
                _stopping.Cancel();
            }));
        }
    }

    /// <summary>Does the work of a command and turns its failures into one line.</summary>
    /// <param name="terminal">Where to read and write.</param>
    /// <param name="work">The work; gives the exit code.</param>
    /// <exception cref="BadInputException">The data set is malformed or cannot be read or written.</exception>
    public static int Run(Terminal terminal, Func<DatasetWork, int> work)
    {
        using var own = new DatasetWork(terminal);
        try
        {
            return work(own);
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("o1coder: stopped; nothing was written");
            return ExitCodes.Cancelled;
        }
        catch (DataSetFormatException exception)
        {
            throw new BadInputException(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"cannot write: {exception.Message}");
        }
        finally
        {
            terminal.Out.Flush();
            terminal.Error.Flush();
        }
    }

    /// <summary>The problems of a set, one by one, with progress.</summary>
    public IEnumerable<(Problem Problem, DataSetFormat Format)> Read(
        string path, DataSetFormat? format, ICollection<DataFault>? skipped, ICollection<DataFault>? notes)
    {
        var count = 0;
        foreach (var row in DataSet.Stream(path, format, skipped, notes))
        {
            _stopping.Token.ThrowIfCancellationRequested();
            count++;
            if (_terminal.IsInteractive && count % ProgressStep == 0)
            {
                _terminal.Error.Write($"\r{count:N0} problems …");
                _hasProgress = true;
            }

            yield return row;
        }

        EndProgress();
    }

    /// <summary>Says on standard error what was left out, all of it, and what changed on the way, the first lines of it.</summary>
    public void Tell(List<DataFault> skipped, List<DataFault> notes)
    {
        EndProgress();
        foreach (var fault in skipped)
        {
            _terminal.Error.WriteLine($"skipped: {TerminalText.OneLine(fault.Message)}");
        }

        foreach (var note in notes.Take(MostNotes))
        {
            _terminal.Error.WriteLine($"note: {TerminalText.OneLine(note.Message)}");
        }

        if (notes.Count > MostNotes)
        {
            _terminal.Error.WriteLine($"note: {notes.Count - MostNotes} more; datasets check --json names them all");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndProgress();
        _signals.ForEach(signal => signal.Dispose());
        _stopping.Dispose();
    }

    private void EndProgress()
    {
        if (_hasProgress)
        {
            _terminal.Error.WriteLine();
            _hasProgress = false;
        }
    }
}
