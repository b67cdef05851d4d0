namespace O1Coder.Models;

/// <summary>Turns text into token ids and back. Safe for concurrent callers.</summary>
public interface ITokenizer
{
    /// <summary>Ids that the model knows, in [0, this), padding of the embedding included.</summary>
    int VocabularySize { get; }

    /// <summary>
    /// Turns text into ids; nothing is added at its ends, and it is normalised only as the model's own files say.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="parseSpecial">
    /// Whether special tokens that are spelled out in the text become their ids. Without it they are plain text, which
    /// is right for everything that a person or a model has written.
    /// </param>
    /// <exception cref="ArgumentException">The text has half of a surrogate pair; the message says where.</exception>
    int[] Encode(string text, bool parseSpecial);

    /// <summary>
    /// Turns ids into text, special tokens included as they are spelled. Bytes that are no UTF-8, such as those of a
    /// character cut in two, become U+FFFD.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in [0, <see cref="VocabularySize"/>).</exception>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>The bytes that a token stands for; those of a special token spell it, those of padding are none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in [0, <see cref="VocabularySize"/>).</exception>
    ReadOnlyMemory<byte> TokenBytes(int id);

    /// <summary>The id of the special token that is spelled so, or null.</summary>
    int? FindSpecialToken(string text);

    /// <summary>Whether the id is a special token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in [0, <see cref="VocabularySize"/>).</exception>
    bool IsSpecialToken(int id);
}
