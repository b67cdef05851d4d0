namespace O1Coder.Inference.Cpu;

/// <summary>
/// Decides whether a step is computed by all threads or by the caller's alone. Beside busy processes the threads of a team are
/// stopped at different times, and each phase waits for the one that is stopped; one thread then often gets more done than all.
/// Where waits say that this may be so, both are tried for some steps, and what was faster is kept for a while. Results are the
/// same either way.
/// </summary>
internal sealed class TeamChoice
{
    /// <summary>Steps in which something is tried.</summary>
    public const int Trial = 10;

    /// <summary>Steps for which what was found is kept.</summary>
    public const int Term = 100;

    // The share of waiting from which on it may pay to do without the others.
    private const double MuchWaiting = 0.08;

    // A step costs what this many rows cost, and its rows: weights are read whatever the rows.
    private const double RowsOfWeights = 5;

    // Of two that are about as fast, all threads are kept.
    private const double Margin = 0.97;

    private Stage _stage = Stage.Together;
    private int _left = Trial;
    private Cost _current;
    private double _other;

    private enum Stage
    {
        Together,
        TryAlone,
        Alone,
        TryTogether,
    }

    /// <summary>Whether the next step is to be computed by the caller's thread alone.</summary>
    public bool Alone => _stage is Stage.Alone or Stage.TryAlone;

    /// <summary>Takes in a step.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="seconds">What it took.</param>
    /// <param name="waited">Of that, waiting for threads that had not ended a chunk, seconds.</param>
    public void Add(int rows, double seconds, double waited)
    {
        _left--;
        if (_stage is Stage.TryAlone or Stage.TryTogether && _left == Trial - 1)
        {
            return; // threads have just been sent to sleep or woken
        }

        _current = _current.With(seconds, waited, rows + RowsOfWeights);
        if (_left > 0)
        {
            return;
        }

        switch (_stage)
        {
            case Stage.Together when _current.WaitingShare > MuchWaiting:
                Enter(Stage.TryAlone, Trial);
                break;
            case Stage.Together:
                Enter(Stage.Together, Trial);
                break;
            case Stage.TryAlone:
                Enter(_current.Average < Margin * _other ? Stage.Alone : Stage.Together, Term);
                break;
            case Stage.Alone:
                Enter(Stage.TryTogether, Trial);
                break;
            default:
                Enter(_other < Margin * _current.Average ? Stage.Alone : Stage.Together, Term);
                break;
        }
    }

    private void Enter(Stage stage, int steps)
    {
        (_other, _stage, _left, _current) = (_current.Average, stage, steps, default);
    }

    // Seconds and what they were spent on.
    private readonly record struct Cost(double Seconds, double Waited, double Work)
    {
        public double Average => Seconds / Work;

        public double WaitingShare => Waited / Seconds;

        public Cost With(double seconds, double waited, double work) => new(Seconds + seconds, Waited + waited, Work + work);
    }
}
