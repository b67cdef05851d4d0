using System.Text.Json;
using System.Text.Json.Nodes;
using O1Coder.Inference.Verification;
using O1Coder.Models.Verification;

namespace O1Coder.Inference.Tests.Verification;

/// <summary>What was not met, or not checked, has not passed.</summary>
public sealed class EngineVerificationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-cases-").FullName;

    private static string Golden { get; } = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-qwen2")]
    public void Small_models_meet_their_numbers_anywhere_under_a_folder(string name)
    {
        Copy(name, "a/b");
        var results = Run();
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Group} {result.Name}: {result.Failure}"));

        // Three rows each of logits and log-probabilities, plain and adapted, and a continuation; then what agrees with what.
        var variants = EngineVariant.Runnable.Count;
        Assert.Equal((10 * variants) + (variants - 2), results.Count);
        Assert.Equal(2, results.Count(result => result.Group == "back ends agree"));
    }

    [Theory]
    [InlineData("last_logits", 0, "last_logits: row 0: 1 of 384 numbers differ, the first at 0")]
    [InlineData("token_logprobs", 1, "token_logprobs: row 1: 1 of 23 numbers differ, the first at 0")]
    [InlineData("adapter_token_logprobs", 2, "adapter_token_logprobs: row 2: 1 of 23 numbers differ, the first at 0")]
    public void A_number_that_differs_fails_on_every_variant(string field, int row, string failure)
    {
        Change("tiny-qwen2", expected => expected[field]![row]![0] = expected[field]![row]![0]!.GetValue<double>() + 0.1);
        Assert.Equal(EngineVariant.Runnable.Count, Failures().Count(text => text.Contains(failure, StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_continuation_fails()
    {
        Change("tiny-llama", expected => expected["greedy"]!["continuation"]![5] = 383 - expected["greedy"]!["continuation"]![5]!.GetValue<int>());
        Assert.Equal(EngineVariant.Runnable.Count, Failures().Count(text => text.Contains("greedy: continuation: token 5 is", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("input_ids", "[[1, 99999]]", "a token that is none of the 384")]
    [InlineData("token_logprobs", "[[-1.5]]", "token_logprobs has 1 rows, input_ids has 3")]
    [InlineData("tolerance", "{}", "logprobs is missing or no number")]
    public void What_is_malformed_fails(string field, string value, string failure)
    {
        Change("tiny-qwen2", expected => expected[field] = JsonNode.Parse(value));
        Assert.Contains(Failures(), text => text.Contains(failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Damaged_and_missing_files_fail()
    {
        var folder = Copy("tiny-qwen2", "damaged");
        var weights = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^7]);
        File.WriteAllText(Path.Combine(_folder, "tokenizer-any.json"), """{"cases":[{"text":"a","ids":[1],"decoded":"a"}]}""");
        File.WriteAllText(Path.Combine(_folder, "embedded-model-any.json"), "{");
        var failures = Failures();
        Assert.Equal(3, failures.Count);
        Assert.Contains(failures, text => text.Contains("model.safetensors", StringComparison.Ordinal));
        Assert.Contains(failures, text => text.Contains("no such model folder", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_expects_nothing_has_not_passed()
    {
        Change("tiny-qwen2", expected =>
        {
            foreach (var name in expected.Select(part => part.Key).Where(name => name is not "tolerance").ToList())
            {
                expected.Remove(name);
            }
        });
        Assert.Contains("expects nothing", Assert.Single(Failures()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_agreement_of_variants_has_bounds()
    {
        var exact = EngineVariant.Runnable.Where(variant => variant.Precision == Precision.Exact).ToList();
        var agreement = new Agreement();
        agreement.Add(exact[0], "first", [-1, -2]);
        agreement.Add(exact[^1], "onnx", [-1, -2.0003]);
        Assert.Contains("expected at most", Assert.Single(agreement.Compare()).Failure, StringComparison.Ordinal);
        Assert.Equal((double.NaN, double.NaN), Agreement.Differences([1, double.NaN], [1, 1]));
        Assert.Throws<FormatException>(() => Agreement.Differences([1], [1, 2]));
    }

    private List<CaseResult> Run()
    {
        using var verification = new EngineVerification(Path.Combine(_folder, "no-model"));
        return [.. verification.Find(_folder).SelectMany(source => source.Run(2, TestContext.Current.CancellationToken))];
    }

    private List<string> Failures() =>
        [.. Run().Where(result => !result.Passed).Select(result => $"{result.Group}: {result.Name}: {result.Failure}")];

    private void Change(string name, Action<JsonObject> change)
    {
        var path = Path.Combine(Copy(name, name), ModelCaseFolder.FileName);
        var expected = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        change(expected);
        File.WriteAllText(path, expected.ToJsonString(JsonSerializerOptions.Default));
    }

    private string Copy(string name, string to)
    {
        var target = Path.Combine(_folder, to);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Golden, name), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Path.Combine(Golden, name), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }
}
