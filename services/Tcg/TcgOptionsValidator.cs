using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace O1Coder.Tcg;

/// <summary>Refuses settings that cannot work, naming the setting, its value and what was expected.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class TcgOptionsValidator : IValidateOptions<TcgOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TcgOptions options)
    {
        var failures = new List<string>();
        Require(nameof(options.Generations), options.Generations, 1000);
        Require(nameof(options.Runs), options.Runs, 64);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Require(string setting, int value, int most)
        {
            if (value < 1 || value > most)
            {
                failures.Add($"{TcgOptions.Section}:{setting} is {value}: expected 1 to {most}");
            }
        }
    }
}
