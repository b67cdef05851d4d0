namespace O1Coder.ServiceDefaults;

/// <summary>
/// What a service's program does once in place of serving, for a person or the command line:
/// <c>Policy verify FOLDER MODEL</c>. Bad input becomes one line, Ctrl+C and SIGTERM stop it.
/// </summary>
/// <param name="name">The first word of the program's arguments.</param>
/// <param name="arguments">What the words after it are, for people: FOLDER, MODEL.</param>
public abstract class ServiceCommand(string name, params IReadOnlyList<string> arguments)
{
    private const int Interrupted = 130;

    /// <summary>Runs the command that a program's arguments begin with.</summary>
    /// <param name="words">The program's arguments.</param>
    /// <param name="commands">All its commands.</param>
    /// <returns>The exit code, as <see cref="RunAsync(IReadOnlyList{string}, TextWriter, TextWriter, CancellationToken)"/> gives
    /// it; null where the program is to serve.</returns>
    public static async Task<int?> RunChosenAsync(IReadOnlyList<string> words, params IReadOnlyList<ServiceCommand> commands)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(commands);
        if (commands.FirstOrDefault(command => command.Is(words)) is not { } chosen)
        {
            return null;
        }

        using var stop = new StopSignals();
        return await chosen.RunAsync([.. words.Skip(1)], Console.Out, Console.Error, stop.Token);
    }

    /// <summary>Runs the command.</summary>
    /// <param name="words">The words after its name.</param>
    /// <param name="output">Where it prints.</param>
    /// <param name="errors">Gets the line of bad input.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What it ends with: 0 where all is well; 2 for bad input, 130 where it was stopped.</returns>
    public async Task<int> RunAsync(
        IReadOnlyList<string> words, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(errors);
        if (words.Count != arguments.Count)
        {
            return errors.WriteBadInput($"{name} has {words.Count} arguments: expected {arguments.Count}{(arguments.Count == 0 ? "" : ": ")}{string.Join(' ', arguments)}");
        }

        try
        {
            return await RunAsync(words, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await errors.WriteLineAsync("interrupted");
            return Interrupted;
        }
        catch (Exception exception) when (IsBadInput(exception))
        {
            return errors.WriteBadInput(exception.Message);
        }
    }

    /// <summary>Does what it is for.</summary>
    /// <param name="words">One a name that the constructor was given.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken);

    /// <summary>Whether an error is a person's, whom its message tells what was expected; others are thrown on.</summary>
    protected abstract bool IsBadInput(Exception exception);

    private bool Is(IReadOnlyList<string> words) => words.Count > 0 && words[0] == name;
}
