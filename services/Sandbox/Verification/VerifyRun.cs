using System.Collections.Concurrent;
using System.Diagnostics;
using O1Coder.V1;

namespace O1Coder.Sandbox.Verification;

/// <summary>Runs all cases as often as wanted, several at once, and prints what failed.</summary>
/// <param name="host">The service.</param>
/// <param name="leftOvers">What was there before.</param>
/// <param name="output">Where to print.</param>
/// <param name="parallel">Cases at once.</param>
internal sealed class VerifyRun(VerifyHost host, LeftOvers leftOvers, TextWriter output, int parallel)
{
    private const int MostFaultsShown = 4;
    private static readonly TimeSpan s_progress = TimeSpan.FromSeconds(5);
    private readonly CaseRunner _runner = new(host.Client, host.Log);
    private readonly Lock _gate = new();
    private int _passed;
    private int _failed;

    /// <summary>Runs them.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="repeat">How often.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>0 when all passed, else 1.</returns>
    public async Task<int> RunAsync(IReadOnlyList<VerifyCase> cases, int repeat, CancellationToken cancellationToken)
    {
        var here = await OffersAsync(cases, cancellationToken);
        for (var round = 1; round <= repeat; round++)
        {
            await RoundAsync(here, round, repeat, cancellationToken);
            await CheckLeftOversAsync(repeat > 1 ? $"round {round}" : "all cases", cancellationToken);
        }

        await output.WriteLineAsync($"{_passed} passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }

    private async Task RoundAsync(List<VerifyCase> cases, int round, int repeat, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<VerifyCase>(cases);
        var told = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(parallel, cases.Count)).Select(_ => WorkAsync()));

        async Task WorkAsync()
        {
            while (waiting.TryDequeue(out var one))
            {
                await RunOneAsync(one, repeat > 1 ? $" (round {round})" : "", cancellationToken);
                Progress(told, $"{(repeat > 1 ? $"round {round} of {repeat}: " : "")}{cases.Count - waiting.Count} of {cases.Count} cases");
            }
        }
    }

    private async Task RunOneAsync(VerifyCase one, string when, CancellationToken cancellationToken)
    {
        var faults = await _runner.RunAsync(one, cancellationToken);
        if (parallel == 1)
        {
            await host.SettleAsync();
            faults = [.. faults, .. (await leftOvers.FindAsync(cancellationToken)).Select(left => $"left behind: {left}")];
        }

        lock (_gate)
        {
            _passed += faults.Count == 0 ? 1 : 0;
            _failed += faults.Count == 0 ? 0 : 1;
            if (faults.Count > 0)
            {
                var more = faults.Count > MostFaultsShown ? $"; and {faults.Count - MostFaultsShown} more" : "";
                output.WriteLine($"FAILED {one.Name}{when}: {string.Join("; ", faults.Take(MostFaultsShown)).ReplaceLineEndings("\\n")}{more}");
            }
        }
    }

    private async Task CheckLeftOversAsync(string after, CancellationToken cancellationToken)
    {
        await host.SettleAsync();
        var left = await leftOvers.FindAsync(cancellationToken);
        if (left.Count > 0)
        {
            _failed++;
            await output.WriteLineAsync($"FAILED {after}: {left.Count} things were left behind: {string.Join("; ", left.Take(MostFaultsShown))}");
        }
    }

    private void Progress(Stopwatch told, string text)
    {
        lock (_gate)
        {
            if (told.Elapsed >= s_progress)
            {
                told.Restart();
                output.WriteLine($"{text}, {_failed} failed so far");
            }
        }
    }

    // A case in a language that is not here counts neither way.
    private async Task<List<VerifyCase>> OffersAsync(IReadOnlyList<VerifyCase> cases, CancellationToken cancellationToken)
    {
        var offered = await host.Client.GetCapabilitiesAsync(new GetCapabilitiesRequest(), cancellationToken: cancellationToken);
        await output.WriteLineAsync($"limiter {offered.Limiter}, {parallel} at a time");
        foreach (var absent in cases.Where(one => Missing(one, offered) is not null))
        {
            await output.WriteLineAsync($"not run: {absent.Name}: {Missing(absent, offered)}");
        }

        return [.. cases.Where(one => Missing(one, offered) is null)];
    }

    private static string? Missing(VerifyCase one, GetCapabilitiesResponse offered)
    {
        var wanted = new[] { one.Request.Language, one.Request.Checker?.Language ?? Language.Unspecified, one.Then?.Request.Language ?? Language.Unspecified };
        foreach (var language in wanted.Where(language => language != Language.Unspecified && !offered.Languages.Contains(language)))
        {
            var install = offered.Missing.FirstOrDefault(missing => missing.Language == language)?.Install;
            return string.IsNullOrEmpty(install) ? $"install a toolchain for {language}" : $"install {install}";
        }

        return null;
    }
}
