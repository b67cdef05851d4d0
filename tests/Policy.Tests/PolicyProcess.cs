using System.Diagnostics;

namespace O1Coder.Policy.Tests;

/// <summary>The real program, run until it ends.</summary>
internal static class PolicyProcess
{
    /// <summary>Runs it with settings in its environment.</summary>
    /// <returns>Its exit code, and what it wrote to standard error.</returns>
    public static async Task<(int Code, string Error)> RunAsync(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PolicyHost).Assembly.Location.Replace(
            "O1Coder.Policy.Tests.dll", "O1Coder.Policy.dll", StringComparison.Ordinal)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
            Environment = { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["O1CODER_HEALTH_PORT"] = null },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, error.TrimEnd('\n'));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
