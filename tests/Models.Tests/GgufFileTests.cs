namespace O1Coder.Models.Tests;

public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Reads_metadata_and_tensors(uint version)
    {
        using var file = Open(new GgufWriter { Version = version }
            .With("text", "naïve")
            .With("whole", 7)
            .With("large", ulong.MaxValue)
            .With("number", 0.5f)
            .With("flag", true)
            .With("texts", new[] { "a", "" })
            .With("numbers", new[] { 1, -2 })
            .WithFloats("matrix", 2, 3, 2)
            .WithFloats("vector", 4, 5));

        Assert.Equal("naïve", file.Metadata.GetString("text"));
        Assert.Equal(7, file.Metadata.GetInt32("whole"));
        Assert.Equal(0.5f, file.Metadata.GetSingle("number"));
        Assert.True(file.Metadata.GetBoolean("flag"));
        Assert.Equal(["a", ""], file.Metadata.GetStrings("texts"));
        Assert.Equal([1, -2], file.Metadata.GetInt32s("numbers"));
        var matrix = file.GetTensor("matrix");
        Assert.Equal([2, 3], matrix.Shape);
        Assert.Equal((2, 3, 6, 24, 12), (matrix.Rows, matrix.Columns, matrix.ElementCount, matrix.ByteLength, matrix.RowBytes));
        Assert.Equal([2, 2, 2, 2, 2, 2], matrix.ToFloats());
        Assert.Equal([4, 4, 4, 4, 4], file.GetTensor("vector").ToFloats());
    }

    [Fact]
    public void A_value_of_another_type_is_told()
    {
        using var file = Open(new GgufWriter().With("text", "a").With("large", ulong.MaxValue).With("infinite", float.PositiveInfinity));

        Throws("text is a string: expected an integer from 1 to 9", () => file.Metadata.GetInt32("text", 1, 9));
        Throws("large is 18446744073709551615: expected an integer from 1 to 9", () => file.Metadata.GetInt32("large", 1, 9));
        Throws("large is an integer: expected a string", () => file.Metadata.GetString("large"));
        Throws("infinite is Infinity: expected a finite number", () => file.Metadata.GetSingle("infinite"));
        Throws("absent is missing: expected an array of strings", () => file.Metadata.GetStrings("absent"));
        Throws("text is a string: expected an array of integers below 2^31", () => file.Metadata.GetInt32s("text"));
    }

    [Fact]
    public void Decodes_every_type_that_the_engine_uses()
    {
        byte[] q4 = [.. BitConverter.GetBytes((Half)0.5f), .. Enumerable.Range(0, 16).Select(i => (byte)(i | ((15 - i) << 4)))];
        byte[] q8 = [.. BitConverter.GetBytes((Half)0.25f), .. Enumerable.Range(0, 32).Select(i => (byte)(sbyte)(i - 16))];
        byte[] f16 = [.. BitConverter.GetBytes((Half)1.5f), .. BitConverter.GetBytes((Half)(-2f))];
        byte[] bf16 = [0x80, 0x3F, 0x20, 0xC1];
        using var file = Open(new GgufWriter()
            .WithTensor("q4", GgufTensorType.Q4_0, [32, 2], [.. q4, .. q4])
            .WithTensor("q8", GgufTensorType.Q8_0, [32], q8)
            .WithTensor("f16", GgufTensorType.F16, [2], f16)
            .WithTensor("bf16", GgufTensorType.BF16, [2], bf16)
            .WithTensor("q2", GgufTensorType.Q2_K, [256], new byte[84]));

        float[] expected = [.. Enumerable.Range(0, 16).Select(i => (i - 8) * 0.5f), .. Enumerable.Range(0, 16).Select(i => (7 - i) * 0.5f)];
        var row = new float[32];
        file.GetTensor("q4").DequantizeRow(1, row);
        Assert.Equal(expected, row);
        Assert.Equal([.. expected, .. expected], file.GetTensor("q4").ToFloats());
        Assert.Equal([.. Enumerable.Range(0, 32).Select(i => (i - 16) * 0.25f)], file.GetTensor("q8").ToFloats());
        Assert.Equal([1.5f, -2f], file.GetTensor("f16").ToFloats());
        Assert.Equal([1f, -10f], file.GetTensor("bf16").ToFloats());
        Assert.Throws<NotSupportedException>(() => file.GetTensor("q2").ToFloats());
        Assert.Throws<ArgumentOutOfRangeException>(() => file.GetTensor("q4").DequantizeRow(2, row));
        Assert.Throws<ArgumentException>(() => file.GetTensor("q4").DequantizeRow(0, row.AsSpan(1)));
    }

    [Fact]
    public void A_tensor_outlives_its_file_only_as_an_error()
    {
        var file = Open(new GgufWriter().WithFloats("vector", 1, 4));
        var tensor = file.GetTensor("vector");
        file.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => tensor.ToFloats());
        Assert.Throws<ObjectDisposedException>(() => tensor.Address);
    }

    [Fact]
    public void A_wrong_header_is_told()
    {
        Refused("magic is 0x46554746: expected 0x46554747, \"GGUF\"", new GgufWriter { Magic = 0x46554746 });
        Refused("version is 1: expected 2 or 3, little endian", new GgufWriter { Version = 1 });
        Refused("version is 0x03000000, big endian: expected 2 or 3", new GgufWriter { Version = 0x03000000 });
        Refused("tensor count is 18446744073709551615: expected at most", new GgufWriter { TensorCount = ulong.MaxValue });
        Refused("metadata count is 1099511627776: expected at most", new GgufWriter { MetadataCount = 1UL << 40 });
        Refused("ends inside", new GgufWriter { MetadataCount = 1 }.With("a", 1).WithoutTensor("x"), cut: 2);
        Throws("length is 0 bytes: expected at least 24", () => GgufFile.Open(_folder.Write("empty.gguf", [])));
        Throws("missing none.gguf in", () => GgufFile.Open(Path.Combine(_folder.Path, "none.gguf")));
    }

    [Fact]
    public void Wrong_metadata_is_told()
    {
        Refused("metadata key 'a' appears twice", new GgufWriter().With("a", 1).With("a", 2));
        Refused("metadata key 0 is empty", new GgufWriter().With("", 1));
        Refused("type of a is 13: expected a value type from 0 to 12", new GgufWriter().With("a", new byte[] { 13, 0, 0, 0, 0 }));
        Refused("a is 2: expected a boolean, 0 or 1", new GgufWriter().With("a", new byte[] { 7, 0, 0, 0, 2 }));
        Refused("length of a is 9223372036854775807: expected at most",
            new GgufWriter().With("a", new byte[] { 8, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 127 }));
        Refused("length of a is 4611686018427387904: expected at most",
            new GgufWriter().With("a", new byte[] { 9, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64 }));
        Refused("element type of a is 9",
            new GgufWriter().With("a", new byte[] { 9, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 }));
        Refused("a is not UTF-8", new GgufWriter().With("a", new byte[] { 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xFF }));
        Refused("general.alignment is 24: expected a power of two", new GgufWriter().With("general.alignment", 24u));
        Refused("general.alignment is 0: expected an integer from 1", new GgufWriter().With("general.alignment", 0u));
    }

    [Fact]
    public void Wrong_tensors_are_told()
    {
        Refused("tensor 'a' appears twice", new GgufWriter().WithFloats("a", 1, 2).WithFloats("a", 1, 2));
        Refused("dimension count of tensor 'a' is 0: expected 1 to 4", Tensor([], 0, 4));
        Refused("dimension count of tensor 'a' is 5: expected 1 to 4", Tensor([1, 1, 1, 1, 1], 0, 4));
        Refused("dimension 0 of tensor 'a' is 0: expected 1 to", Tensor([0], 0, 4));
        Refused("dimension 2 of tensor 'a' is 4: expected 1 to 2147483647 and fewer than 2^63", Tensor([int.MaxValue, int.MaxValue, 4], 0, 4));
        Refused("tensor 'a' is 8589934592 bytes: expected at most the file's", Tensor([1 << 30, 2], 0, 4));
        Refused("type of tensor 'a' is 4: expected one of 0 (F32)", Tensor([1], (GgufTensorType)4, 4));
        Refused("row length of tensor 'a' is 33: expected a multiple of 32 for type Q4_0", Tensor([33], GgufTensorType.Q4_0, 36));
        Refused("offset of tensor 'a' is 4: expected a multiple of 32", Tensor([1], 0, 8, offset: 4));
        Refused("tensor 'a' is 4 bytes at offset 18446744073709551584: expected to lie within", Tensor([1], 0, 4, offset: ulong.MaxValue - 31));
        Refused("tensor 'a' is 16 bytes at offset 0: expected to lie within the 8 bytes", Tensor([4], 0, 8));
        Refused("tensors 'a' and 'b' overlap", Tensor([16], 0, 64).WithTensor("b", 0, [1], new byte[4], offset: 32));
    }

    [Fact]
    public void Parts_make_one_model()
    {
        var (first, second) = (Part(0).WithFloats("a", 1, 2).With("text", "first"), Part(1).WithFloats("b", 2, 2));
        _folder.Write("m-00001-of-00002.gguf", first.ToBytes());
        var path = _folder.Write("m-00002-of-00002.gguf", second.ToBytes());

        using var file = GgufFile.Open(path);

        Assert.Equal(["a", "b"], file.Tensors.Keys.Order());
        Assert.Equal("first", file.Metadata.GetString("text"));
        Assert.Equal(2, file.Paths.Count);
    }

    [Fact]
    public void Parts_that_do_not_belong_together_are_told()
    {
        var first = _folder.Write("a.gguf", Part(0).WithFloats("a", 1, 2).ToBytes());
        var second = _folder.Write("b.gguf", Part(1).WithFloats("b", 1, 2).ToBytes());
        var same = _folder.Write("c.gguf", Part(1).WithFloats("a", 1, 2).ToBytes());
        var more = _folder.Write("d.gguf", Part(1).WithFloats("b", 1, 2).WithFloats("c", 1, 2).ToBytes());

        Throws("split.count is 2: expected 1, the number of files given", () => GgufFile.Open(first));
        Throws("split.no is 1: expected 0, for it is file 1 of 2", () => GgufFile.Open([second, first]));
        Throws("tensor 'a' appears twice", () => GgufFile.Open([first, same]));
        Throws("split.tensors.count is 2: expected 3, as many as the parts hold", () => GgufFile.Open([first, more]));
    }

    public void Dispose() => _folder.Dispose();

    private static GgufWriter Part(int number) =>
        new GgufWriter().With("split.no", number).With("split.count", 2).With("split.tensors.count", 2);

    private static GgufWriter Tensor(ulong[] dimensions, GgufTensorType type, int bytes, ulong? offset = null) =>
        new GgufWriter().WithTensor("a", type, dimensions, new byte[bytes], offset);

    private static void Throws(string message, Func<object> read) =>
        Assert.Contains(message, Assert.Throws<ModelFormatException>(read).Message, StringComparison.Ordinal);

    private GgufFile Open(GgufWriter writer) => GgufFile.Open(_folder.Write("valid.gguf", writer.ToBytes()));

    private void Refused(string message, GgufWriter writer, int cut = 0)
    {
        var path = _folder.Write("refused.gguf", writer.ToBytes()[..^cut]);
        var error = Assert.Throws<ModelFormatException>(() => GgufFile.Open(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
