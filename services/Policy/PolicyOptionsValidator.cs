using Microsoft.Extensions.Options;
using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>Refuses settings that cannot work, naming the variable, its value and what was expected.</summary>
internal sealed class PolicyOptionsValidator : IValidateOptions<PolicyOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Model))
        {
            failures.Add("O1CODER_MODEL is not set: expected the folder of a model");
        }

        failures.AddRange(Settings.OutOfRange(options));
        if (options.Remote.Length > 0 && !IsAddress(options.Remote))
        {
            failures.Add($"O1CODER_REMOTE is '{options.Remote}': expected an address like http://127.0.0.1:8000/v1, without name, key or query");
        }

        // Its value is a secret: it is not repeated.
        if (!options.RemoteKey.All(letter => letter is > ' ' and < (char)127))
        {
            failures.Add("O1CODER_REMOTE_KEY has a character that no key has: expected visible ASCII");
        }

        if (EngineWords.FindAccuracy(options.Accuracy) is null)
        {
            failures.Add($"O1CODER_ACCURACY is '{options.Accuracy}': expected {EngineWords.Accuracies}");
        }

        if (EngineWords.FindWeights(options.Weights) is null)
        {
            failures.Add($"O1CODER_WEIGHTS is '{options.Weights}': expected {EngineWords.Weights}");
        }
        else if (options is { Weights.Length: > 0, Remote.Length: > 0 })
        {
            failures.Add($"O1CODER_WEIGHTS is '{options.Weights}': expected nothing, for the server at O1CODER_REMOTE holds the weights");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && address is { UserInfo: "", Query: "", Fragment: "" };
    }
}
