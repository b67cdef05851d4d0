using System.Globalization;
using System.Text;
using O1Coder.Models;

namespace O1Coder.Inference.Verification;

/// <summary>For models that come without a tokenizer: every token is spelled as its id and a space.</summary>
internal sealed class NumberedTokens(int vocabulary) : ITokenizer
{
    /// <inheritdoc/>
    public int VocabularySize => vocabulary;

    /// <inheritdoc/>
    public int[] Encode(string text, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < vocabulary
                ? id
                : throw new ArgumentException($"text has '{word}': expected ids below {vocabulary}", nameof(text)))];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids) => string.Concat(ids.ToArray().Select(Spell));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> TokenBytes(int id) => Encoding.ASCII.GetBytes(Spell(id));

    /// <inheritdoc/>
    public int? FindSpecialToken(string text) => null;

    /// <inheritdoc/>
    public bool IsSpecialToken(int id)
    {
        _ = Spell(id);
        return false;
    }

    private string Spell(int id) => (uint)id < (uint)vocabulary
        ? string.Create(CultureInfo.InvariantCulture, $"{id} ")
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"expected 0 to {vocabulary - 1}");
}
