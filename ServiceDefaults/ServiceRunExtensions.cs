using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace O1Coder.ServiceDefaults;

/// <summary>How a service is run.</summary>
public static class ServiceRunExtensions
{
    /// <summary>Runs a service until it is told to stop. A wrong setting or an address in use becomes one line.</summary>
    /// <param name="app">The service; it is disposed of.</param>
    /// <param name="errors">Where the line goes; null is standard error.</param>
    /// <param name="prepare">Makes what must be there before the first call; what it throws is told in the same way.</param>
    /// <returns>The process's exit code: 0, or 2 for bad input.</returns>
    public static async Task<int> RunServiceAsync(
        this WebApplication app, TextWriter? errors = null, Action<IServiceProvider>? prepare = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using var owned = app;
        try
        {
            prepare?.Invoke(app.Services);
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (exception is OptionsValidationException or IOException or InvalidOperationException
            or ArgumentException or UnauthorizedAccessException)
        {
            return (errors ?? Console.Error).WriteBadInput(exception.Message);
        }
    }
}
