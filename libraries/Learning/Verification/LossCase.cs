using O1Coder.Learning.Losses;
using O1Coder.Learning.Training;
using O1Coder.Models.Verification;
using O1Coder.Problems;
using static TorchSharp.torch;

namespace O1Coder.Learning.Verification;

/// <summary>Computes what a case of losses.json asks for.</summary>
internal static class LossCase
{
    /// <summary>Computes a case.</summary>
    /// <returns>Everything that the case may expect, by the names that the file uses.</returns>
    /// <exception cref="FormatException">The kind is not known, or a field is missing or not valid.</exception>
    public static Dictionary<string, Tensor> Compute(string kind, CaseFields fields) => kind switch
    {
        "ppo_policy_loss" => Policy(fields),
        "kl_penalty" => new() { ["per_token"] = KlPenalty.PerToken(fields.Matrix("logp"), fields.Matrix("ref_logp"), Kl(fields.Text("estimator"))) },
        "gae" => Gae(fields),
        "value_loss" => Value(fields),
        "grpo_advantage" => new()
        {
            ["advantages"] = Advantage.GroupRelative(
                fields.Vector("scores"), Groups(fields), fields.Matrix("mask"), fields.Flag("normalize_std"), fields.Number("epsilon")),
        },
        "rloo_advantage" => new() { ["advantages"] = Advantage.LeaveOneOut(fields.Vector("scores"), Groups(fields), fields.Matrix("mask")) },
        "preference_loss" => Preference(fields),
        "prm_pointwise_hard" => new() { ["loss"] = ProcessRewardLoss.Pointwise(fields.Vector("logits"), fields.Vector("labels")) },
        "prm_pointwise_soft" => new()
        {
            ["loss"] = ProcessRewardLoss.Pointwise(fields.Vector("logits"), fields.Vector("labels")),
            ["mse"] = ProcessRewardLoss.MeanSquaredError(fields.Vector("logits"), fields.Vector("labels")),
        },
        "prm_pairwise" => new() { ["loss"] = ProcessRewardLoss.Pairwise(fields.Vector("chosen"), fields.Vector("rejected")) },
        "o1coder_reward" => new()
        {
            ["phi"] = Number(AggregatedReward.Phi(
                fields.Number("outcome"), fields.Numbers("process"), fields.Number("alpha"), fields.Number("gamma"))),
        },
        "truncated_importance_weight" => new()
        {
            ["weights"] = ImportanceWeights.Truncated(
                fields.Matrix("train_logp"), fields.Matrix("rollout_logp"), fields.Number("cap"), fields.Matrix("mask")),
        },
        "pass_at_k" => new() { ["value"] = Number(PassAtK.Estimate(fields.Whole("n"), fields.Whole("c"), fields.Whole("k"))) },
        _ => throw new FormatException($"kind '{kind}' is not known"),
    };

    private static Dictionary<string, Tensor> Policy(CaseFields fields)
    {
        var policy = fields.Matrix("new_logp", gradient: true);
        var result = PolicyLoss.Ppo(
            fields.Matrix("old_logp"), policy, fields.Matrix("advantages"), fields.Matrix("mask"),
            fields.Number("clip_low"), fields.Number("clip_high"), fields.Number("dual_clip"), Aggregated(fields));
        result.Loss.backward();
        return new()
        {
            ["loss"] = result.Loss,
            ["clip_fraction"] = Number(result.ClipFraction),
            ["approx_kl"] = Number(result.ApproximateKl),
            ["grad_new_logp"] = policy.grad!,
        };
    }

    private static Dictionary<string, Tensor> Gae(CaseFields fields)
    {
        var estimate = Advantage.Generalized(
            fields.Matrix("rewards"), fields.Matrix("values"), fields.Matrix("mask"),
            fields.Number("gamma"), fields.Number("lam"), fields.Flag("whiten"));
        return new() { ["advantages"] = estimate.Advantages, ["returns"] = estimate.Returns };
    }

    private static Dictionary<string, Tensor> Value(CaseFields fields)
    {
        var predicted = fields.Matrix("predicted", gradient: true);
        var result = ValueLoss.Clipped(
            predicted, fields.Matrix("returns"), fields.Matrix("old_values"), fields.Matrix("mask"), fields.Number("clip"), Aggregated(fields));
        result.Loss.backward();
        return new() { ["loss"] = result.Loss, ["clip_fraction"] = Number(result.ClipFraction), ["grad_predicted"] = predicted.grad! };
    }

    private static Dictionary<string, Tensor> Preference(CaseFields fields)
    {
        var chosen = fields.Vector("policy_chosen", gradient: true);
        var rejected = fields.Vector("policy_rejected", gradient: true);
        var kind = fields.Text("loss") switch
        {
            "sigmoid" => PreferenceLossKind.Sigmoid,
            "ipo" => PreferenceLossKind.Ipo,
            "hinge" => PreferenceLossKind.Hinge,
            var other => throw new FormatException($"loss '{other}' is not known"),
        };
        var result = PreferenceLoss.Compute(
            chosen, rejected, fields.Vector("reference_chosen"), fields.Vector("reference_rejected"),
            fields.Number("beta"), kind, fields.Number("label_smoothing"));
        result.Loss.backward();
        return new()
        {
            ["loss"] = result.Loss,
            ["chosen_rewards"] = result.ChosenRewards,
            ["rejected_rewards"] = result.RejectedRewards,
            ["grad_policy_chosen"] = chosen.grad!,
            ["grad_policy_rejected"] = rejected.grad!,
        };
    }

    private static LossAggregation Aggregated(CaseFields fields) => fields.Text("aggregation") switch
    {
        "token-mean" => LossAggregation.TokenMean,
        "seq-mean-token-sum" => LossAggregation.SequenceMeanTokenSum,
        "seq-mean-token-mean" => LossAggregation.SequenceMeanTokenMean,
        "seq-mean-token-sum-norm" => LossAggregation.SequenceMeanTokenSumNorm,
        var other => throw new FormatException($"aggregation '{other}' is not known"),
    };

    private static KlEstimator Kl(string name) => name switch
    {
        "k1" => KlEstimator.K1,
        "k2" => KlEstimator.K2,
        "k3" => KlEstimator.K3,
        _ => throw new FormatException($"estimator '{name}' is not known"),
    };

    private static long[] Groups(CaseFields fields) => Array.ConvertAll(fields.Wholes("group"), group => (long)group);

    private static Tensor Number(double value) => tensor(value, dtype: ScalarType.Float64);
}
