using System.Globalization;
using O1Coder.ServiceDefaults;

namespace O1Coder.Sandbox.Verification;

/// <summary>
/// <c>Sandbox verify FOLDER REPEAT PARALLEL LIMITER</c>: runs every case under a folder through the service and prints a
/// line a failing case, then <c>N passed, N failed</c>. Ends with 0 when all passed, 1 when one failed.
/// </summary>
internal sealed class VerifyCommand() : ServiceCommand("verify", "FOLDER", "REPEAT", "PARALLEL", "LIMITER")
{
    private const int MostRounds = 10_000;
    private const int MostAtOnce = 64;
    private static readonly string[] s_limiters = ["auto", "cgroup-v2", "cgroup-v1", "rlimit"];

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken)
    {
        var (repeat, parallel) = (Whole("--repeat", words[1], MostRounds), Whole("--parallel", words[2], MostAtOnce));
        CheckLimiter(words[3]);
        if (!Directory.Exists(words[0]))
        {
            throw new CaseFormatException($"FOLDER is '{words[0]}': expected a folder");
        }

        var cases = CaseReader.ReadAll(words[0]);
        await using var host = await VerifyHost.StartAsync(parallel, words[3]);
        var before = await LeftOvers.BeforeAsync(host.Launcher, cancellationToken);
        return await new VerifyRun(host, before, output, parallel).RunAsync(cases, repeat, cancellationToken);
    }

    /// <inheritdoc/>
    protected override bool IsBadInput(Exception exception) => exception is CaseFormatException or SandboxUnavailableException;

    /// <summary>Refuses a limiter that there is not.</summary>
    /// <exception cref="CaseFormatException">There is none of this name.</exception>
    public static void CheckLimiter(string name)
    {
        if (!s_limiters.Contains(name))
        {
            throw new CaseFormatException($"--limiter is '{name}': expected {string.Join(", ", s_limiters)}");
        }
    }

    private static int Whole(string name, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new CaseFormatException($"{name} is '{text}': expected a whole number from 1 to {most}");
}
