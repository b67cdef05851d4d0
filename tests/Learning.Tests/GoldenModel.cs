using System.Text.Json;
using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;
using O1Coder.Models;

namespace O1Coder.Learning.Tests;

/// <summary>A folder of tests/Golden.Tests/data: a tiny model, an adapter, and what the field's own tools make of them.</summary>
internal sealed class GoldenModel : IDisposable
{
    private readonly JsonDocument _expected;

    public GoldenModel(string name)
    {
        Folder = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", name);
        Weights = HuggingFaceFolder.Open(Folder);
        _expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json")));
    }

    public static TheoryData<string> Names => ["tiny-llama", "tiny-qwen2"];

    public string Folder { get; }

    public HuggingFaceFolder Weights { get; }

    public JsonElement Expected => _expected.RootElement;

    public string AdapterFolder => Path.Combine(Folder, "adapter");

    public int[][] Rows => Numbers(Expected.GetProperty("input_ids"));

    public static int[][] Numbers(JsonElement rows) =>
        [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt32()).ToArray())];

    public static float[][] Floats(JsonElement rows) => [.. rows.EnumerateArray().Select(Row)];

    public static float[] Row(JsonElement row) => [.. row.EnumerateArray().Select(value => value.GetSingle())];

    public LoraAdapter Adapter() => PeftFolder.Read(AdapterFolder, Weights.Description);

    public LoraTransformer Load(LoraAdapter? adapter = null, bool trainable = false, BasePrecision precision = BasePrecision.Float32) =>
        new(Weights, adapter, trainable, ProductPrecision.Choose(precision), (5, 9));

    public void Dispose()
    {
        Weights.Dispose();
        _expected.Dispose();
    }
}
