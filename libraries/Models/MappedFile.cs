using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace O1Coder.Models;

/// <summary>A file mapped for reading; it must not be changed while open.</summary>
internal sealed unsafe partial class MappedFile : IDisposable
{
    private const int HashChunk = 1 << 20;
    private const int DontNeed = 4;

    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly byte* _start;
    private bool _disposed;

    private MappedFile(MemoryMappedFile map, long length)
    {
        _map = map;
        Length = length;
        _view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        byte* start = null;
        _handle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Maps a file of at least <paramref name="leastBytes"/> bytes, one or more.</summary>
    /// <exception cref="ModelFormatException">The file is absent, cannot be read or is shorter.</exception>
    public static MappedFile Open(string path, int leastBytes)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var length = file.Length;
            return length >= leastBytes
                ? new MappedFile(MemoryMappedFile.CreateFromFile(
                    file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true), length)
                : throw new ModelFormatException(path, "length", $"{length} bytes", $"at least {leastBytes}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"missing {Path.GetFileName(path)} in {Path.GetDirectoryName(Path.GetFullPath(path))}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>A stretch of the file; the caller has checked that it lies within.</summary>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>The address of a byte.</summary>
    public nint Address(long offset)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return (nint)(_start + offset);
    }

    /// <summary>
    /// Gives back the memory of a stretch that the caller has checked: it counts no more as this process' until it is read again.
    /// </summary>
    public void Release(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (OperatingSystem.IsLinux())
        {
            // Whole pages. What else lies in the first and the last one is read again too where it is wanted; a refusal costs
            // nothing but the memory.
            var (page, begin) = ((nuint)Environment.SystemPageSize, (nuint)(_start + offset));
            var from = begin / page * page;
            _ = Advise((void*)from, begin + (nuint)length - from, DontNeed);
        }
    }

    /// <summary>SHA-256 of the whole file.</summary>
    public byte[] Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var position = 0L; position < Length; position += HashChunk)
        {
            hash.AppendData(Span(position, (int)Math.Min(HashChunk, Length - position)));
        }

        return hash.GetHashAndReset();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _handle.ReleasePointer();
            _view.Dispose();
            _map.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
