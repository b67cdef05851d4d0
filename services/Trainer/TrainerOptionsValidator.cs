using Microsoft.Extensions.Options;
using O1Coder.ServiceDefaults;

namespace O1Coder.Trainer;

/// <summary>Refuses settings that cannot work, naming the variable, its value and what was expected.</summary>
internal sealed class TrainerOptionsValidator : IValidateOptions<TrainerOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, TrainerOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Model))
        {
            failures.Add("O1CODER_MODEL is not set: expected the folder of a model");
        }

        if (string.IsNullOrWhiteSpace(options.Runs))
        {
            failures.Add("O1CODER_RUNS is empty: expected a folder");
        }

        failures.AddRange(Settings.OutOfRange(options));

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
