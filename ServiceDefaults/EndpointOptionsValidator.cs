using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace O1Coder.ServiceDefaults;

/// <summary>Has a port that is none told at the start.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by dependency injection.")]
internal sealed class EndpointOptionsValidator : IValidateOptions<EndpointOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EndpointOptions options) =>
        Settings.OutOfRange(options).ToList() is { Count: > 0 } failures
            ? ValidateOptionsResult.Fail(failures)
            : ValidateOptionsResult.Success;
}
