using System.Text.Json.Nodes;
using O1Coder.Learning.Verification;
using O1Coder.Models.Verification;

namespace O1Coder.Learning.Tests.Verification;

public sealed class LossVerificationTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> Kinds =>
    [
        "ppo_policy_loss", "kl_penalty", "gae", "value_loss", "grpo_advantage", "rloo_advantage", "preference_loss",
        "prm_pointwise_hard", "prm_pointwise_soft", "prm_pairwise", "o1coder_reward", "truncated_importance_weight", "pass_at_k",
    ];

    private static string Golden { get; } = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", "losses.json");

    [Fact]
    public void All_reference_numbers_are_met()
    {
        var results = LossVerification.Run(Golden);
        Assert.Equal(132, results.Count);
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Group} {result.Name}: {result.Failure}"));
        Assert.Equal(Kinds.Select(row => row.Data).Order(), results.Select(result => result.Group).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_expected_number_counts(string kind)
    {
        var golden = Case(kind);
        foreach (var name in golden["expected"]!.AsObject().Select(property => property.Key))
        {
            var changed = golden.DeepClone();
            Nudge(changed["expected"]![name]!, name.StartsWith("grad_", StringComparison.Ordinal) ? 1.5e-5 : 1.5e-6);
            Assert.StartsWith(name, Assert.Single(Run(changed)).Failure, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_input_is_asked_for(string kind)
    {
        foreach (var name in Case(kind).AsObject().Select(property => property.Key).Where(name => name != "kind"))
        {
            var changed = Case(kind);
            changed.AsObject().Remove(name);
            Assert.StartsWith($"{name} is missing", Assert.Single(Run(changed)).Failure, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_not_known_fails_and_says_so()
    {
        Assert.Equal("kind 'sharpe' is not known", Assert.Single(Run(JsonNode.Parse("""{"kind":"sharpe","expected":{"a":1}}""")!)).Failure);
        var more = Case("pass_at_k");
        more["expected"]!["variance"] = 1;
        Assert.Equal("expected.variance is not known", Assert.Single(Run(more)).Failure);
        var none = Case("pass_at_k");
        none["expected"] = new JsonObject();
        Assert.Equal("expects nothing", Assert.Single(Run(none)).Failure);
        var shape = Case("kl_penalty");
        shape["expected"]!["per_token"]!.AsArray().RemoveAt(0);
        Assert.Contains("per_token has shape [4, 4], expected [3, 4]", Assert.Single(Run(shape)).Failure, StringComparison.Ordinal);
        var ragged = Case("kl_penalty");
        ragged["logp"]![0]!.AsArray().RemoveAt(0);
        Assert.Contains("logp is no matrix", Assert.Single(Run(ragged)).Failure, StringComparison.Ordinal);
        var estimator = Case("kl_penalty");
        estimator["estimator"] = "k9";
        Assert.Equal("estimator 'k9' is not known", Assert.Single(Run(estimator)).Failure);
    }

    [Fact]
    public void A_file_without_cases_fails()
    {
        File.WriteAllText(_file, "{}");
        Assert.Contains("has no cases", Assert.Single(LossVerification.Run(_file)).Failure, StringComparison.Ordinal);
        File.WriteAllText(_file, "{");
        Assert.Contains("cannot be read", Assert.Single(LossVerification.Run(_file)).Failure, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Single(LossVerification.Run(_file + ".gone")).Failure, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

    private static JsonNode Case(string kind) =>
        JsonNode.Parse(File.ReadAllText(Golden))!["cases"]!.AsArray().First(node => (string)node!["kind"]! == kind)!.DeepClone();

    /// <summary>Changes the last number.</summary>
    private static void Nudge(JsonNode node, double by)
    {
        while (node is JsonArray array)
        {
            node = array[^1]!;
        }

        node.ReplaceWith((double)node + by);
    }

    private IReadOnlyList<CaseResult> Run(JsonNode node)
    {
        File.WriteAllText(_file, $$"""{"cases":[{{node.ToJsonString()}}]}""");
        return LossVerification.Run(_file);
    }
}
