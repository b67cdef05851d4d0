namespace O1Coder.Models.Tests;

public sealed class GgufWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Tensors_have_Hugging_Faces_names()
    {
        using var weights = new GgufWeights(GgufFile.Open(_folder.Write("tiny.gguf", TinyModel.Writer().ToBytes())));
        foreach (var (name, shape) in HuggingFaceTensors.Expected(weights.Description))
        {
            Assert.Equal(shape, weights.Shape(name));
            Assert.Equal(shape.Aggregate(1L, (product, dimension) => product * dimension), weights.Read(name).Length);
        }

        Assert.All(weights.Read("model.embed_tokens.weight"), element => Assert.Equal(0.5f, element));
        Assert.Throws<ModelFormatException>(() => weights.Read("blk.0.attn_q.weight"));
        Assert.Throws<ModelFormatException>(() => weights.Read("lm_head.weight"));
        Assert.Throws<ArgumentException>(() => weights.ReadRows("model.norm.weight", 1, new float[8]));
        Assert.Throws<ArgumentException>(() => weights.ReadStored("model.norm.weight", 1, new byte[32]));
        Assert.Throws<ArgumentException>(() => weights.ReadStored("model.norm.weight", 0, new byte[31]));
    }

    [Fact]
    public void What_is_let_go_of_is_read_again_all_the_same()
    {
        using var weights = new GgufWeights(GgufFile.Open(_folder.Write("tiny.gguf", TinyModel.Writer().ToBytes())));
        foreach (var (name, _) in HuggingFaceTensors.Expected(weights.Description))
        {
            var before = weights.Read(name);
            weights.Release(name);
            Assert.Equal(before, weights.Read(name));
        }

        Assert.Throws<ModelFormatException>(() => weights.Release("lm_head.weight"));
    }

    public void Dispose() => _folder.Dispose();
}
