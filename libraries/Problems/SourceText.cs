using System.Text;

namespace O1Coder.Problems;

/// <summary>The text of one problem or test file, checked and with '\n' between its lines.</summary>
internal sealed class SourceText
{
    /// <summary>The largest file, bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SourceText(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>The file's path, or a name such as "&lt;stdin&gt;".</summary>
    public string Name { get; }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Takes a text that is in memory already.</summary>
    public static SourceText FromString(string text, string name)
    {
        try
        {
            if (text.Length > MaxBytes || s_strictUtf8.GetByteCount(text) > MaxBytes)
            {
                throw new ProblemFormatException(name, 0, "", $"the text is larger than {MaxBytes / 1024} KiB");
            }
        }
        catch (EncoderFallbackException e)
        {
            throw new ProblemFormatException(name, 1 + text.AsSpan(0, e.Index).Count('\n'), "", "half of a surrogate pair; expected Unicode text", e);
        }

        var clean = text.TrimStart('\uFEFF').Replace("\r\n", "\n").Replace('\r', '\n');
        var nul = clean.IndexOf('\0');
        return nul < 0
            ? new SourceText(name, clean)
            : throw new ProblemFormatException(name, 1 + clean.AsSpan(0, nul).Count('\n'), "", "a NUL character; expected text");
    }

    /// <summary>Reads a file.</summary>
    public static SourceText FromFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ProblemFormatException(path, 0, "", "is a folder; expected a file");
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return FromStream(stream, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemFormatException(path, 0, "", "no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemFormatException(path, 0, "", $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a stream to its end, or to the byte after the largest size.</summary>
    public static SourceText FromStream(Stream stream, string name)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (length > MaxBytes)
        {
            throw new ProblemFormatException(name, 0, "", $"the file is larger than {MaxBytes / 1024} KiB");
        }

        try
        {
            return FromString(s_strictUtf8.GetString(buffer, 0, length), name);
        }
        catch (DecoderFallbackException e)
        {
            var good = Math.Clamp(e.Index, 0, length);
            throw new ProblemFormatException(name, 1 + buffer.AsSpan(0, good).Count((byte)'\n'), "", "the file is not UTF-8 text", e);
        }
    }

    /// <summary>The exception for a fault in this text.</summary>
    /// <param name="line">The line from 1, or 0.</param>
    /// <param name="field">The field or section.</param>
    /// <param name="detail">What was found and what was expected.</param>
    /// <param name="inner">What the parser below reported.</param>
    public ProblemFormatException Fault(int line, string field, string detail, Exception? inner = null) =>
        new(Name, line, field, detail, inner);
}
