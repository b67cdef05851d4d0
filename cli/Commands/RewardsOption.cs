using System.CommandLine;
using O1Coder.Problems;

namespace O1Coder.Cli.Commands;

/// <summary>The option <c>--rewards NAME=NUMBER,…</c>; see <see cref="RewardOptionsText"/>.</summary>
internal static class RewardsOption
{
    /// <summary>Makes the option; what it says is checked as it is parsed.</summary>
    /// <param name="description">What it does, without the syntax.</param>
    public static Option<string?> Create(string description) => new("--rewards")
    {
        HelpName = "NAME=NUMBER,…",
        Description = $"{description}: tests, efficiency, readability, conditions (weights), overfit (a penalty), alpha, gamma, exponent, partial=all; or paper-code [docs/rewards.md]",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            try
            {
                RewardOptionsText.Read(text, new RewardOptions());
            }
            catch (ArgumentException exception)
            {
                result.AddError($"--rewards: {exception.Message}");
            }

            return text;
        },
    };
}
