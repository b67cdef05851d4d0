namespace O1Coder.Models.Tests;

public sealed class MappedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_stretch_that_is_let_go_of_takes_no_memory_until_it_is_read_again()
    {
        const int Length = 8 << 20;
        var content = new byte[Length];
        new Random(1).NextBytes(content);
        var path = _folder.Write("file", content);
        using var file = MappedFile.Open(path, 1);
        Assert.True(file.Span(0, Length).SequenceEqual(content));
        file.Release(1000, Length - 2000);
        if (OperatingSystem.IsLinux())
        {
            Assert.InRange(ResidentBytes(path), 0, Length / 100);
        }

        Assert.True(file.Span(0, Length).SequenceEqual(content));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Release(0, Length));
    }

    public void Dispose() => _folder.Dispose();

    // ADDRESSES … PATH, then lines of NAME: VALUE kB.
    private static long ResidentBytes(string path)
    {
        var lines = File.ReadAllLines("/proc/self/smaps");
        var at = Array.FindIndex(lines, line => line.EndsWith(path, StringComparison.Ordinal));
        var resident = lines.Skip(at).First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
