using System.Buffers.Binary;
using System.Text;

namespace O1Coder.Models.Tests;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_was_written_is_read()
    {
        var path = Path.Combine(_folder.Path, "a.safetensors");
        SafetensorsWriter.Write(path, [("b.weight", [2, 3], [1, 2, 3, 4, 5, 6]), ("a", [1], [-0.5f]), ("none", [0, 4], [])]);

        using var file = SafetensorsFile.Open(path);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(["a", "b.weight", "none"], file.Tensors.Keys.Order());
        var tensor = file.GetTensor("b.weight");
        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor.ToFloats());
        var row = new float[3];
        tensor.Read(3, row);
        Assert.Equal([4, 5, 6], row);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Read(4, new float[3]));
        Assert.Empty(file.GetTensor("none").ToFloats());
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Sixteen_bit_floats_are_read()
    {
        var halves = new byte[4];
        BinaryPrimitives.WriteHalfLittleEndian(halves, (Half)1.5f);
        BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(2), (Half)(-2f));
        using (var file = SafetensorsFile.Open(Make("""{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", halves)))
        {
            Assert.Equal([1.5f, -2f], file.GetTensor("x").ToFloats());
        }

        using (var file = SafetensorsFile.Open(Make("""{"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}""", [0x80, 0x3F])))
        {
            Assert.Equal([1f], file.GetTensor("x").ToFloats());
        }

        using (var file = SafetensorsFile.Open(Make("""{"x":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", [1])))
        {
            Assert.Contains("dtype of tensor 'x' is I8: expected F32, F16 or BF16",
                Assert.Throws<ModelFormatException>(() => file.GetTensor("x").ToFloats()).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "expected 8 bytes, as F32 of shape [2] takes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "expected begin and end, in this order")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "a gap is not allowed")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", 6, "two overlap")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 5, "length of the data is 5 bytes: expected 4")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 3, "length of the data is 3 bytes: expected 4")]
    [InlineData("""{"x":{"dtype":"Q9","shape":[4],"data_offsets":[0,4]}}""", 4, "dtype of tensor 'x' is 'Q9'")]
    [InlineData("""{"x":{"dtype":"9","shape":[4],"data_offsets":[0,4]}}""", 4, "dtype of tensor 'x' is '9'")]
    [InlineData("""{"x":{"shape":[4],"data_offsets":[0,4]}}""", 4, "dtype of tensor 'x' is missing")]
    [InlineData("""{"x":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}""", 4, "shape of tensor 'x' is -4: expected whole numbers")]
    [InlineData("""{"x":{"dtype":"U8","shape":[1.5],"data_offsets":[0,4]}}""", 4, "shape of tensor 'x' is 1.5")]
    [InlineData("""{"x":{"dtype":"F64","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}""", 4, "data_offsets of tensor 'x'")]
    [InlineData("""{"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "tensor 'x' appears twice")]
    [InlineData("""{"x":3}""", 0, "tensor 'x' is of kind Number")]
    [InlineData("""[1]""", 0, "header is no JSON object")]
    [InlineData("""{"x":""", 0, "header is no valid JSON")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__.a is of kind Number")]
    public void A_wrong_header_is_told(string header, int bytes, string message) =>
        Assert.Contains(message,
            Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(Make(header, new byte[bytes]))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_cut_short_or_missing_is_told()
    {
        Refused("length is 3 bytes", _folder.Write("short", new byte[3]));
        Refused("header length is 1000: expected at most 8", _folder.Write("cut", [0xE8, 3, 0, 0, 0, 0, 0, 0, .. new byte[8]]));
        Refused("header length is 18446744073709551615: expected 2 to", _folder.Write("huge", [.. Enumerable.Repeat((byte)255, 16)]));
        Refused("missing gone.safetensors in", Path.Combine(_folder.Path, "gone.safetensors"));
        Refused("has text that is no Unicode", _folder.Write("utf8", [4, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xFF, 0xFF, (byte)'}']));
    }

    [Fact]
    public void Every_cut_of_a_real_file_is_refused()
    {
        var whole = File.ReadAllBytes(Path.Combine(GoldenFolders.Qwen2, "adapter", PeftFolder.WeightsName));
        for (var length = 0; length < whole.Length; length += 997)
        {
            var path = _folder.Write("cut.safetensors", whole[..length]);
            Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path));
        }
    }

    [Fact]
    public void A_failed_write_leaves_what_was_there()
    {
        var path = _folder.Write("a.safetensors", "old");
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("x", [2], [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("x", [1], [1]), ("x", [1], [1])]));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private static void Refused(string message, string path) =>
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);

    private string Make(string header, byte[] data)
    {
        var length = new byte[8];
        var bytes = Encoding.UTF8.GetBytes(header);
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)bytes.Length);
        return _folder.Write("made.safetensors", [.. length, .. bytes, .. data]);
    }
}
