using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using O1Coder.Learning.Native;

namespace O1Coder.Learning.Tests.Native;

public sealed class LibraryPatchTests
{
    /// <summary>TorchSharp's own native library in its package folder.</summary>
    internal static string LibraryPath { get; } = Path.Combine(
        typeof(NativeTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "TorchSharpNative").Value!,
        "libLibTorchSharp.so");

    private static readonly byte[] s_library = File.ReadAllBytes(LibraryPath);

    [Fact]
    public void Three_places_of_the_real_library_change_and_nothing_else()
    {
        var copy = LibraryPatch.Apply(s_library);
        Assert.NotNull(copy);
        Assert.Equal(s_library.Length, copy.Length);

        var changed = Enumerable.Range(0, copy.Length).Where(i => copy[i] != s_library[i]).ToList();
        var name = changed[0];
        Assert.StartsWith("_ZSt21ios_base_library_initv\0", Encoding.ASCII.GetString(s_library, name, 29), StringComparison.Ordinal);
        Assert.Equal("getppid" + new string('\0', 22), Encoding.ASCII.GetString(copy, name, 29));
        var (version, flags) = (changed.First(i => i >= name + 28), changed[^1]);
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(copy.AsSpan(version)));
        Assert.Equal(0, s_library[flags]);
        Assert.Equal(2, copy[flags]);
        Assert.All(changed, i => Assert.True(i < name + 28 || i == version || i == flags, $"byte {i}"));
    }

    [Fact]
    public void A_copy_asks_for_nothing_more_and_is_left_alone()
    {
        // What is weak and has no symbol left is as good as absent, but the name of the version stays.
        var copy = LibraryPatch.Apply(s_library)!;
        Assert.Contains("expected _ZSt21ios_base_library_initv", Assert.Throws<InvalidDataException>(() => LibraryPatch.Apply(copy)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_of_an_older_compiler_needs_no_copy()
    {
        var older = s_library.ToArray();
        var at = older.AsSpan().IndexOf("GLIBCXX_3.4.32\0"u8);
        "GLIBCXX_3.4.31"u8.CopyTo(older.AsSpan(at));
        Assert.Null(LibraryPatch.Apply(older));
    }

    [Fact]
    public void A_library_that_needs_more_is_refused()
    {
        var newer = s_library.ToArray();
        var at = newer.AsSpan().IndexOf("_ZSt21ios_base_library_initv\0"u8);
        newer[at + 27] = (byte)'w';
        Assert.Contains("needs _ZSt21ios_base_library_initw of GLIBCXX_3.4.32",
            Assert.Throws<InvalidDataException>(() => LibraryPatch.Apply(newer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_and_cut_ones_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => LibraryPatch.Apply("no library"u8));
        foreach (var length in new[] { 16, 64, 4096, s_library.Length / 2, s_library.Length - 100 })
        {
            Assert.Throws<InvalidDataException>(() => LibraryPatch.Apply(s_library.AsSpan(0, length)));
        }
    }
}
