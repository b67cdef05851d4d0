using System.Security.Cryptography;

namespace O1Coder.Models.Tests;

public sealed class PeftFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModelDescription _model = HuggingFaceConfig.Read(GoldenFolders.Qwen2);

    [Theory]
    [InlineData("tiny-qwen2")]
    [InlineData("tiny-llama")]
    public void An_adapter_of_PEFT_is_read(string name)
    {
        var folder = Path.Combine(Path.GetDirectoryName(GoldenFolders.Qwen2)!, name);
        var adapter = PeftFolder.Read(GoldenFolders.Adapter(folder), HuggingFaceConfig.Read(folder));
        Assert.Equal(4, adapter.Rank);
        Assert.Equal(8, adapter.Alpha);
        Assert.Equal(2, adapter.Scale);
        Assert.False(adapter.RankStabilized);
        Assert.Equal(Enum.GetValues<Projection>(), adapter.Targets);
        Assert.Equal(14, adapter.Matrices.Count);
        Assert.Equal(4 * 160, adapter.Matrices[new LoraKey(1, Projection.Down)].A.Length);
        Assert.Equal(32 * 4, adapter.Matrices[new LoraKey(0, Projection.Key)].B.Length);
        Assert.Equal(35_840, adapter.Bytes);
        Assert.Equal(VersionOf(GoldenFolders.Adapter(folder)), adapter.Version);
    }

    [Fact]
    public void What_is_written_is_read_with_the_same_version()
    {
        var adapter = PeftFolder.Read(GoldenFolders.Adapter(GoldenFolders.Qwen2), _model);
        var stabilized = new LoraAdapter(4, 3.5f, true, adapter.Matrices.Where(entry => entry.Key.Projection is Projection.Query or Projection.Down)
            .ToDictionary());
        var target = Path.Combine(_folder.Path, "made", "adapter");

        var written = PeftFolder.Write(target, stabilized, "tiny");
        var read = PeftFolder.Read(target, _model);

        Assert.Equal(1.75f, read.Scale);
        Assert.Equal([Projection.Query, Projection.Down], read.Targets);
        Assert.Equal(adapter.Matrices[new LoraKey(1, Projection.Down)].B, read.Matrices[new LoraKey(1, Projection.Down)].B);
        Assert.Equal(VersionOf(target), written.Version);
        Assert.Equal(written.Version, read.Version);

        Assert.Equal(PeftFolder.Write(target, adapter, "tiny").Version, PeftFolder.Read(target, _model).Version);
        Assert.NotEqual(written.Version, PeftFolder.Read(target, _model).Version);
        Assert.Equal([PeftFolder.ConfigName, PeftFolder.WeightsName], Directory.GetFiles(target).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("\"r\": 4", "\"r\": 0", "r is 0: expected a whole number from 1")]
    [InlineData("\"r\": 4", "\"r\": 65", "r is 65: expected a whole number from 1 to 64")]
    [InlineData("\"r\": 4", "\"r\": 64", "expected [64, 160], by r in adapter_config.json")]
    [InlineData("\"r\": 4", "\"r\": 8", "expected [8, 160], by r in adapter_config.json")]
    [InlineData("\"lora_alpha\": 8", "\"lora_alpha\": -1", "lora_alpha is -1: expected a positive number")]
    [InlineData("\"peft_type\": \"LORA\"", "\"peft_type\": \"IA3\"", "peft_type is \"IA3\": expected \"LORA\"")]
    [InlineData("\"use_dora\": false", "\"use_dora\": true", "use_dora is true")]
    [InlineData("\"bias\": \"none\"", "\"bias\": \"all\"", "bias is \"all\"")]
    [InlineData("\"rank_pattern\": {}", "\"rank_pattern\": {\"q_proj\": 8}", "rank_pattern is {\"q_proj\": 8}")]
    [InlineData("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"q_proj\": 8}", "alpha_pattern is")]
    [InlineData("\"modules_to_save\": null", "\"modules_to_save\": [\"lm_head\"]", "modules_to_save is [\"lm_head\"]")]
    [InlineData("\"fan_in_fan_out\": false", "\"fan_in_fan_out\": true", "fan_in_fan_out is true")]
    [InlineData("\"up_proj\"", "\"lm_head\"", "target_modules is")]
    [InlineData("\"up_proj\"", "\"q_.*\"", "expressions and other modules are not known")]
    [InlineData("\"up_proj\",", "", "mlp.up_proj.lora_A.weight': expected lora_A and lora_B of the target_modules")]
    [InlineData("\"bias\"", "bias", "is no valid JSON")]
    public void A_configuration_that_is_not_known_is_told(string old, string changed, string message)
    {
        var folder = Copy();
        GoldenFolders.Replace(Path.Combine(folder, PeftFolder.ConfigName), old, changed);
        Refused(message, folder);
    }

    [Fact]
    public void A_single_name_and_all_linear_are_known()
    {
        var folder = Copy();
        var path = Path.Combine(folder, PeftFolder.ConfigName);
        var text = File.ReadAllText(path);
        var start = text.IndexOf("\"target_modules\": [", StringComparison.Ordinal);
        var end = text.IndexOf(']', start);
        File.WriteAllText(path, text[..start] + "\"target_modules\": \"all-linear\"" + text[(end + 1)..]);
        Assert.Equal(7, PeftFolder.Read(folder, _model).Targets.Count);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_told()
    {
        Refused("no such adapter folder", Path.Combine(_folder.Path, "gone"));

        var folder = Copy();
        File.Delete(Path.Combine(folder, PeftFolder.WeightsName));
        Refused("missing adapter_model.safetensors in", folder);

        var nan = PeftFolder.Read(GoldenFolders.Adapter(GoldenFolders.Qwen2), _model);
        nan.Matrices[new LoraKey(0, Projection.Up)].A[3] = float.NaN;
        PeftFolder.Write(folder, nan, "");
        Refused("mlp.up_proj.lora_A.weight' at element 3 is NaN: expected a finite number", folder);
        File.Delete(Path.Combine(folder, PeftFolder.ConfigName));
        Refused("missing adapter_config.json in", folder);
    }

    [Fact]
    public void An_adapter_of_another_model_is_told()
    {
        var folder = GoldenFolders.Adapter(GoldenFolders.Qwen2);
        Refused("another model's adapter", folder, _model with { FeedForwardSize = 128 });
        Refused("it is another model's adapter", folder, _model with { Layers = 1 });
        Refused("tensor 'base_model.model.model.layers.2.self_attn.q_proj.lora_A.weight' is missing", folder, _model with { Layers = 3 });
    }

    [Fact]
    public void Arguments_that_make_no_adapter_are_refused()
    {
        var pair = new Dictionary<LoraKey, LoraMatrices> { [new LoraKey(1, Projection.Query)] = new([1, 2], [1, 2]) };
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoraAdapter(0, 1, false, pair));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoraAdapter(1, float.NaN, false, pair));
        Assert.Throws<ArgumentException>(() => new LoraAdapter(3, 1, false, pair));
        Assert.Throws<ArgumentException>(() => new LoraAdapter(1, 1, false, new Dictionary<LoraKey, LoraMatrices>()));
        Assert.Throws<ArgumentException>(() => PeftFolder.Write(_folder.Path, new LoraAdapter(1, 1, false, pair), ""));
    }

    public void Dispose() => _folder.Dispose();

    private static string VersionOf(string folder) => Convert.ToHexStringLower(SHA256.HashData(
    [
        .. SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, PeftFolder.ConfigName))),
        .. SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, PeftFolder.WeightsName))),
    ]))[..16];

    private string Copy() => GoldenFolders.Copy(GoldenFolders.Adapter(GoldenFolders.Qwen2), Path.Combine(_folder.Path, "copy"));

    private void Refused(string message, string folder, ModelDescription? model = null) => Assert.Contains(
        message, Assert.Throws<ModelFormatException>(() => PeftFolder.Read(folder, model ?? _model)).Message, StringComparison.Ordinal);
}
