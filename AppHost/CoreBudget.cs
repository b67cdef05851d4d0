using System.Globalization;

namespace O1Coder.AppHost;

/// <summary>
/// How many of the machine's cores each part of the system may use: here, and nowhere else, is said who gets what. Policy and
/// Trainer compute on as many threads as they are given, and never at the same time; the sandbox runs as many boxes at once as
/// it is given, each on one core, while a search waits for them. The others hand messages on: their runtime is told that the
/// machine has so many cores, so that thread pool and garbage collector stay small.
/// </summary>
/// <param name="Policy">Threads of the model (<c>--threads</c>, O1CODER_THREADS); by default one a core.</param>
/// <param name="Trainer">Threads of training (<c>--trainer-threads</c>, O1CODER_TRAINER_THREADS); by default as Policy.</param>
/// <param name="Boxes">Boxes of the sandbox at once (<c>--boxes</c>, O1CODER_BOXES); by default one a core, 8 at most.</param>
/// <param name="Others">Cores of each other service (<c>--service-cores</c>, O1CODER_SERVICE_CORES); by default 2, or the one that there is.</param>
internal sealed record CoreBudget(int Policy, int Trainer, int Boxes, int Others)
{
    /// <summary>The runtime's own variable: Environment.ProcessorCount, the thread pool's size, the collector's heaps.</summary>
    public const string RuntimeVariable = "DOTNET_PROCESSOR_COUNT";

    private const int MostThreads = 1024;
    private const int MostBoxes = 256;
    private const int MostBoxesUnasked = 8;

    // One would leave a pool of one thread, which whatever blocks holds up.
    private const int MostCoresUnasked = 2;

    /// <summary>The command line's options for it.</summary>
    public static IReadOnlyList<string> Options { get; } = ["--threads", "--trainer-threads", "--boxes", "--service-cores"];

    /// <summary>Reads the budget.</summary>
    /// <param name="find">What was chosen for an option and its variable; null for nothing.</param>
    /// <param name="cores">How many cores there are.</param>
    /// <param name="budget">The budget.</param>
    /// <returns>Null, or what is wrong in one line.</returns>
    public static string? Read(Func<string, string, string?> find, int cores, out CoreBudget budget)
    {
        string? wrong = null;
        var policy = Number("threads", "O1CODER_THREADS", MostThreads, cores);
        budget = new CoreBudget(
            policy,
            Number("trainer-threads", "O1CODER_TRAINER_THREADS", MostThreads, policy),
            Number("boxes", "O1CODER_BOXES", MostBoxes, Math.Min(cores, MostBoxesUnasked)),
            Number("service-cores", "O1CODER_SERVICE_CORES", MostThreads, Math.Min(cores, MostCoresUnasked)));
        return wrong;

        int Number(string name, string variable, int most, int absent)
        {
            if (find($"--{name}", variable) is not { } text)
            {
                return absent;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
            {
                return number;
            }

            wrong ??= $"{name} is '{text}': expected a number from 1 to {most}";
            return absent;
        }
    }
}
