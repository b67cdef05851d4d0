using System.Text.Json;
using O1Coder.Learning.Native;
using O1Coder.Models.Verification;
using static TorchSharp.torch;

namespace O1Coder.Learning.Verification;

/// <summary>
/// Runs a file of reference losses: <c>{"cases": [{"kind": "gae", …inputs, "expected": {"advantages": [[…]], …}}, …]}</c>. A
/// kind or an expectation that is not known is a failure: what was not checked has not passed.
/// </summary>
public static class LossVerification
{
    private const double Tolerance = 1e-6;
    private const double GradientTolerance = 1e-5;

    /// <summary>Runs every case of a file, within 1e-6 and gradients within 1e-5.</summary>
    /// <returns>One result a case; one failure alone where the file cannot be read.</returns>
    /// <exception cref="NativeTorchException">libtorch cannot be loaded.</exception>
    public static IReadOnlyList<CaseResult> Run(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NativeTorch.Load();
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object &&
                document.RootElement.TryGetProperty("cases", out var cases) && cases.ValueKind == JsonValueKind.Array && cases.GetArrayLength() > 0
                ? [.. cases.EnumerateArray().Select(RunCase)]
                : [new CaseResult("file", path, "has no cases: expected a list of at least one")];
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return [new CaseResult("file", path, $"cannot be read: {exception.Message.ReplaceLineEndings(" ")}")];
        }
    }

    private static CaseResult RunCase(JsonElement element, int index)
    {
        var fields = new CaseFields(element);
        var kind = "unknown";
        using var scope = NewDisposeScope();
        try
        {
            kind = fields.Text("kind");
            var expected = fields.Object("expected").EnumerateObject().ToList();
            if (expected.Count == 0)
            {
                throw new FormatException("expects nothing");
            }

            var actual = LossCase.Compute(kind, fields);
            return new CaseResult(kind, $"case {index}", expected.Select(value => Compare(value, actual)).FirstOrDefault(failure => failure is not null));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return new CaseResult(kind, $"case {index}", exception.Message.ReplaceLineEndings(" "));
        }
    }

    private static string? Compare(JsonProperty expected, Dictionary<string, Tensor> actual)
    {
        if (!actual.TryGetValue(expected.Name, out var tensor))
        {
            return $"expected.{expected.Name} is not known";
        }

        var wanted = new List<double>();
        var shape = new List<long>();
        Flatten(expected.Value, 0, wanted, shape);
        if (!shape.SequenceEqual(tensor.shape))
        {
            return $"{expected.Name} has shape [{string.Join(", ", tensor.shape)}], expected [{string.Join(", ", shape)}]";
        }

        var tolerance = expected.Name.StartsWith("grad_", StringComparison.Ordinal) ? GradientTolerance : Tolerance;
        var numbers = tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
        for (var i = 0; i < numbers.Length; i++)
        {
            // Written so that a number that is none fails.
            if (!(Math.Abs(numbers[i] - wanted[i]) <= tolerance))
            {
                return $"{expected.Name}{(shape.Count > 0 ? $" at {i}" : "")} is {numbers[i]:R}, expected {wanted[i]:R} within {tolerance:R}";
            }
        }

        return null;
    }

    private static void Flatten(JsonElement value, int depth, List<double> numbers, List<long> shape)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            numbers.Add(value.GetDouble());
            return;
        }

        if (value.ValueKind != JsonValueKind.Array || depth == 2)
        {
            throw new FormatException($"expected holds {value.ValueKind}, not numbers in up to two lists");
        }

        if (shape.Count == depth)
        {
            shape.Add(value.GetArrayLength());
        }

        if (shape[depth] != value.GetArrayLength())
        {
            throw new FormatException("expected has rows of different lengths");
        }

        foreach (var item in value.EnumerateArray())
        {
            Flatten(item, depth + 1, numbers, shape);
        }
    }
}
