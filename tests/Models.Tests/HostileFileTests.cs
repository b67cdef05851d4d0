namespace O1Coder.Models.Tests;

/// <summary>Files cut off anywhere or with any byte changed: a clear error or a model, never a crash or a huge allocation.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const int Rounds = 120;
    private const long MostBytesAllocated = 64 << 20;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_model_that_is_spoiled_here_is_valid() =>
        TinyModel.Read(_folder.Write("valid.gguf", TinyModel.Writer().ToBytes()));

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        var bytes = TinyModel.Writer().ToBytes();
        for (var length = 0; length < bytes.Length; length += length < 600 ? 3 : 67)
        {
            var path = _folder.Write("cut.gguf", bytes[..length]);
            Assert.Throws<ModelFormatException>(() => TinyModel.Read(path));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_file_with_changed_bytes_is_refused_or_read(int seed)
    {
        var valid = TinyModel.Writer().ToBytes();
        var random = new Random(seed);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = (byte[])valid.Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                // Headers are where harm could be done: the first bytes get more than their share.
                var position = random.Next(random.Next(2) == 0 ? 1500 : bytes.Length);
                bytes[position] = random.Next(3) switch
                {
                    0 => (byte)(bytes[position] ^ (1 << random.Next(8))),
                    1 => byte.MaxValue,
                    _ => (byte)random.Next(256),
                };
            }

            try
            {
                TinyModel.Read(_folder.Write("changed.gguf", bytes));
            }
            catch (ModelFormatException exception)
            {
                Assert.Contains("changed.gguf", exception.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 1, Rounds - 1);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Rounds, 0, MostBytesAllocated);
    }

    public void Dispose() => _folder.Dispose();
}
