using O1Coder.Learning.Native;
using TorchSharp;

namespace O1Coder.Learning.Tests.Native;

public sealed class NativeTorchTests : IDisposable
{
    private readonly string _cache = Directory.CreateTempSubdirectory("o1coder-native-").FullName;

    [Fact]
    public void TorchSharp_computes_with_what_was_loaded()
    {
        NativeTorch.Load();
        Assert.True(NativeTorch.IsLoaded);
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(new double[] { 1, 2, 3 }, requires_grad: true);
        x.square().sum().backward();
        Assert.Equal([2.0, 4.0, 6.0], x.grad!.data<double>().ToArray());

        // Products use libtorch's own OpenMP, another library of the folder.
        Assert.Equal(64f, torch.ones(64, 64).mm(torch.ones(64, 64))[3, 5].item<float>());
    }

    [Fact]
    public void A_new_libstdcxx_takes_the_file_itself()
    {
        Assert.Equal(LibraryPatchTests.LibraryPath, NativeTorch.Loadable(LibraryPatchTests.LibraryPath, _cache, newIostreams: true));
        Assert.Empty(Directory.GetFileSystemEntries(_cache));
    }

    [Fact]
    public void An_older_one_gets_a_copy_that_is_made_once_and_mended()
    {
        var before = File.ReadAllBytes(LibraryPatchTests.LibraryPath);
        var copy = Loadable();
        Assert.Equal(LibraryPatch.Apply(before), File.ReadAllBytes(copy));
        Assert.Equal(before, File.ReadAllBytes(LibraryPatchTests.LibraryPath));

        var written = File.GetLastWriteTimeUtc(copy);
        Assert.Equal(copy, Loadable());
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));

        File.WriteAllBytes(copy, before[..1000]);
        Assert.Equal(LibraryPatch.Apply(before), File.ReadAllBytes(Loadable()));
        Assert.Equal([copy], Directory.GetFiles(_cache, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void First_starts_at_the_same_time_do_not_disturb_each_other()
    {
        var expected = LibraryPatch.Apply(File.ReadAllBytes(LibraryPatchTests.LibraryPath));
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(expected, File.ReadAllBytes(Loadable())));
        Assert.Single(Directory.GetFiles(_cache, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_is_missing_is_told()
    {
        var message = Assert.Throws<NativeTorchException>(() => NativeTorch.Find("libtorch.so", [_cache])).Message;
        Assert.Contains($"libtorch.so is in none of {_cache}", message, StringComparison.Ordinal);
        Assert.Contains("O1CODER_LIBTORCH", message, StringComparison.Ordinal);

        var gone = Path.Combine(_cache, "gone");
        Assert.Equal(
            $"O1CODER_LIBTORCH is '{gone}': expected a folder with libtorch's libraries",
            Assert.Throws<NativeTorchException>(() => NativeTorch.RequireFolder(gone)).Message);
        Assert.Equal(_cache, NativeTorch.RequireFolder(_cache));

        var file = Path.Combine(_cache, "file");
        File.WriteAllText(file, "");
        Assert.Contains("no copy of", Assert.Throws<NativeTorchException>(
            () => NativeTorch.Loadable(LibraryPatchTests.LibraryPath, file, newIostreams: false)).Message, StringComparison.Ordinal);
        Assert.Contains("is no 64-bit little-endian ELF file", Assert.Throws<NativeTorchException>(
            () => NativeTorch.Loadable(file, _cache, newIostreams: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_no_longer_used_goes_back()
    {
        // What other tests have left in the heap would be taken first.
        NativeTorch.ReleaseMemory();

        // Pages that were written to, of many small blocks, which the heap keeps for itself after they are freed.
        var before = Environment.WorkingSet;
        var tensors = Enumerable.Range(0, 4000).Select(_ => torch.ones(16_000)).ToList();
        var held = Environment.WorkingSet;
        tensors.ForEach(tensor => tensor.Dispose());
        NativeTorch.ReleaseMemory();
        Assert.True(held - before > 200L << 20, $"{held - before} bytes were taken");
        Assert.True(Environment.WorkingSet - before < (held - before) / 2, $"{Environment.WorkingSet - before} bytes of {held - before} are still held");
    }

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    private string Loadable() => NativeTorch.Loadable(LibraryPatchTests.LibraryPath, _cache, newIostreams: false);
}
