using System.Buffers.Binary;
using System.Text;

namespace O1Coder.Learning.Native;

/// <summary>
/// Makes TorchSharp's native library loadable where libstdc++ is older than GCC 13's. Linked by GCC 13, it asks for
/// version GLIBCXX_3.4.32 because of one symbol, a call without arguments that has iostreams initialised, which older
/// libraries do by themselves. In the copy the call goes to <c>getppid</c>, which does nothing, the symbol asks for no
/// version, and the version's entry is weak, so that the loader does not insist on it.
/// </summary>
internal static class LibraryPatch
{
    /// <summary>The symbol that GCC 13's libstdc++ brought.</summary>
    public const string Symbol = "_ZSt21ios_base_library_initv";

    private const string Version = "GLIBCXX_3.4.32";
    private const string Replacement = "getppid";

    private const int SectionBytes = 64;
    private const int SymbolBytes = 24;
    private const uint DynamicSymbols = 11;
    private const uint SymbolVersions = 0x6fff_ffff;
    private const uint NeededVersions = 0x6fff_fffe;
    private const ushort Global = 1;
    private const ushort Weak = 2;

    /// <summary>Makes the copy.</summary>
    /// <param name="library">A 64-bit little-endian ELF file.</param>
    /// <returns>The copy, of the same length; null where the library does not ask for that version.</returns>
    /// <exception cref="InvalidDataException">
    /// It is no such file, or it needs more of the newer libstdc++ than that one symbol; the message says what.
    /// </exception>
    public static byte[]? Apply(ReadOnlySpan<byte> library)
    {
        try
        {
            return ApplyChecked(library);
        }
        catch (ArgumentException exception)
        {
            // A span was asked for beyond its end.
            throw new InvalidDataException("is cut short or no valid ELF file", exception);
        }
    }

    private static byte[]? ApplyChecked(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("is no 64-bit little-endian ELF file");
        }

        // The table of sections is the file's end: a file that is cut short has lost some of it.
        _ = Section(file, UInt16(file, 60) - 1);
        var needs = FindSection(file, NeededVersions);
        var strings = Section(file, (int)needs.Link);
        if (FindVersion(file, needs, strings) is not { } version)
        {
            return null;
        }

        var symbols = FindSection(file, DynamicSymbols);
        var versions = FindSection(file, SymbolVersions);
        var index = FindOnlySymbol(file, symbols, versions, strings, version.Index);
        var name = UInt32(file, symbols.Offset + (index * SymbolBytes));
        RequireUnshared(file, symbols, name, index);

        var copy = file.ToArray();
        var text = copy.AsSpan(strings.Offset + (int)name, Symbol.Length);
        text.Clear();
        Encoding.ASCII.GetBytes(Replacement, text);
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(versions.Offset + (index * 2)), Global);
        BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(version.FlagsOffset), (ushort)(UInt16(file, version.FlagsOffset) | Weak));
        return copy;
    }

    /// <summary>Finds the version's entry: struct Vernaux { u32 hash; u16 flags; u16 index; u32 name; u32 next; }.</summary>
    private static (int Index, int FlagsOffset)? FindVersion(ReadOnlySpan<byte> file, SectionEntry needs, SectionEntry strings)
    {
        // struct Verneed { u16 version; u16 count; u32 file; u32 first; u32 next; }, `first` and `next` from its own start.
        for (var need = needs.Offset; ;)
        {
            var entry = need + (int)UInt32(file, need + 8);
            for (var i = 0; i < UInt16(file, need + 2); i++)
            {
                if (Text(file, strings, UInt32(file, entry + 8)) == Version)
                {
                    return (UInt16(file, entry + 6), entry + 4);
                }

                entry += (int)UInt32(file, entry + 12);
            }

            var next = (int)UInt32(file, need + 12);
            if (next <= 0)
            {
                return null;
            }

            need += next;
        }
    }

    private static int FindOnlySymbol(
        ReadOnlySpan<byte> file, SectionEntry symbols, SectionEntry versions, SectionEntry strings, int version)
    {
        var found = -1;
        for (var i = 0; i < symbols.Length / SymbolBytes; i++)
        {
            if ((UInt16(file, versions.Offset + (i * 2)) & 0x7fff) != version)
            {
                continue;
            }

            var name = Text(file, strings, UInt32(file, symbols.Offset + (i * SymbolBytes)));
            if (name != Symbol)
            {
                throw new InvalidDataException($"needs {name} of {Version}: expected {Symbol} alone");
            }

            found = i;
        }

        return found >= 0 ? found : throw new InvalidDataException($"asks for {Version} but for no symbol of it: expected {Symbol}");
    }

    /// <summary>Linkers let a name be the end of another: renaming one would rename the other.</summary>
    private static void RequireUnshared(ReadOnlySpan<byte> file, SectionEntry symbols, uint name, int index)
    {
        for (var i = 0; i < symbols.Length / SymbolBytes; i++)
        {
            var other = UInt32(file, symbols.Offset + (i * SymbolBytes));
            if (i != index && other >= name && other <= name + Symbol.Length)
            {
                throw new InvalidDataException($"shares the name of {Symbol} with symbol {i}");
            }
        }
    }

    private static SectionEntry FindSection(ReadOnlySpan<byte> file, uint type)
    {
        for (var i = 0; i < UInt16(file, 60); i++)
        {
            var section = Section(file, i);
            if (section.Type == type)
            {
                return section;
            }
        }

        throw new InvalidDataException($"has no section of type 0x{type:x}");
    }

    private static SectionEntry Section(ReadOnlySpan<byte> file, int index)
    {
        var start = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[40..]) + (index * SectionBytes);
        var header = file.Slice(start, SectionBytes);
        var section = new SectionEntry(
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            (int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
            (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));
        return section;
    }

    private static string Text(ReadOnlySpan<byte> file, SectionEntry strings, uint offset)
    {
        var rest = file.Slice(strings.Offset, strings.Length)[(int)offset..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static ushort UInt16(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(file[offset..]);

    private static uint UInt32(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(file[offset..]);

    private readonly record struct SectionEntry(uint Type, int Offset, int Length, uint Link);
}
