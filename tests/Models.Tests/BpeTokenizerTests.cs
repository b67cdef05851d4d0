using System.Text;
using System.Text.RegularExpressions;

namespace O1Coder.Models.Tests;

public sealed class BpeTokenizerTests : IDisposable
{
    private const int TurnStart = 258, TurnEnd = 259, Shorter = 260, Padding = 261;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Special_tokens_are_parsed_only_if_asked_for_and_the_longest_wins()
    {
        var tokenizer = Create(TinyModel.Writer());

        Assert.Equal([TurnStart, 120, Shorter, 0x3E, TurnEnd], tokenizer.Encode("<|im_start|>x<|im><|im_end|>", parseSpecial: true));
        Assert.Equal(TinyModel.Bytes("<|im_start|>"), tokenizer.Encode("<|im_start|>", parseSpecial: false));
        Assert.Equal(TurnEnd, tokenizer.FindSpecialToken("<|im_end|>"));
        Assert.Null(tokenizer.FindSpecialToken("abc"));
        Assert.True(tokenizer.IsSpecialToken(Shorter));
        Assert.False(tokenizer.IsSpecialToken(0));
    }

    [Fact]
    public void Merges_are_applied_within_words()
    {
        var tokenizer = Create(TinyModel.Writer());

        Assert.Equal([257, 0x20, 256, 0x64], tokenizer.Encode("abc abd", parseSpecial: false));
        Assert.Equal([], tokenizer.Encode("", parseSpecial: true));
    }

    [Fact]
    public void Every_text_comes_back()
    {
        var tokenizer = Create(TinyModel.Writer());
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(40); length > 0; length--)
            {
                var rune = random.Next(4) switch
                {
                    0 => random.Next(0x80),
                    1 => random.Next(0x80, 0x800),
                    2 => random.Next(0x800, 0xD800),
                    _ => random.Next(0x10000, 0x110000),
                };
                text.Append(new Rune(rune));
            }

            Assert.Equal(text.ToString(), tokenizer.Decode(tokenizer.Encode(text.ToString(), parseSpecial: round % 2 == 0)));
        }
    }

    [Fact]
    public void Token_bytes_are_a_texts_own_and_half_a_character_decodes_to_the_replacement()
    {
        var tokenizer = Create(TinyModel.Writer());

        Assert.Equal("abc"u8.ToArray(), tokenizer.TokenBytes(257).ToArray());
        Assert.Equal([0xE5], tokenizer.TokenBytes(0xE5).ToArray());
        Assert.Equal("<|im_end|>"u8.ToArray(), tokenizer.TokenBytes(TurnEnd).ToArray());
        Assert.Empty(tokenizer.TokenBytes(Padding).ToArray());
        Assert.Equal("a\uFFFDb", tokenizer.Decode([0x61, 0xE5, 0xAD, 0x62]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.TokenBytes(262));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([-1]));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        // Not as a theory: an attribute cannot hold such strings.
        var tokenizer = Create(TinyModel.Writer());
        foreach (var (text, place) in new[] { ("a\uD83D", "1 has U+D83D"), ("\uDE00", "0 has U+DE00"), ("ab\uD83Dc\uDE00", "2 has U+D83D") })
        {
            var error = Assert.Throws<ArgumentException>(() => tokenizer.Encode(text, parseSpecial: true));
            Assert.StartsWith($"position {place}, half of a surrogate pair", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_scanner_splits_as_the_expression_that_it_stands_for()
    {
        var expression = new Regex(
            @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
            RegexOptions.CultureInvariant);
        string[] pieces =
            ["a", "Z", "é", "字", "1", "٣", "½", " ", " ", "\t", "\n", "\r", "\u00A0", "\u2028", "'", "s", "LL", "'re", ".", "{", "\u0301", "€", "_"];
        var random = new Random(11);
        for (var round = 0; round < 5000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.Equal(expression.Matches(text).Select(match => (match.Index, match.Length)), Split(text));
        }
    }

    [Fact]
    public void A_letter_beyond_the_basic_plane_belongs_to_its_word()
    {
        // U+20000 is a letter, U+1F600 none, U+1D7D8 a number.
        Assert.Equal([(0, 4)], Split("a\U00020000b"));
        Assert.Equal([(0, 1), (1, 3)], Split("a\U0001F600\n"));
        Assert.Equal([(0, 2), (2, 2)], Split("\U0001D7D8\U0001D7D8"));
    }

    [Theory]
    [InlineData("qwen2.block_count", "0")]
    [InlineData("tokenizer.ggml.model", "bert")]
    [InlineData("tokenizer.ggml.pre", "deepseek-llm")]
    public void Another_kind_of_model_is_told(string key, string value)
    {
        var path = _folder.Write("other.gguf", TinyModel.Writer().Without(key).With(key, value).ToBytes());

        var error = Assert.Throws<ModelFormatException>(() => TinyModel.Read(path));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_that_does_not_fit_together_is_told()
    {
        Refused("tokenizer.ggml.token_type is 1 long: expected 262", "tokenizer.ggml.token_type", new[] { 1 });
        Refused("tokenizer.ggml.token_type[5] is 7: expected 1 normal", "tokenizer.ggml.token_type", Replaced(TinyModel.Types, 5, 7));
        Refused("tokenizer.ggml.tokens[256] is 'ab'", "tokenizer.ggml.tokens", Replaced(TinyModel.Tokens, 7, "ab"));
        Refused("tokenizer.ggml.tokens[3] is '字': expected characters of the byte-level alphabet",
            "tokenizer.ggml.tokens", Replaced(TinyModel.Tokens, 3, "字"));
        Refused("tokenizer.ggml.tokens is without '!': expected a token for byte 33", "tokenizer.ggml.tokens",
            Replaced(TinyModel.Tokens, 33, "zz"));
        Refused("tokenizer.ggml.merges[0] is 'a q b': expected two tokens", "tokenizer.ggml.merges", new[] { "a q b" });
        Refused("tokenizer.ggml.merges[1] is 'b c': expected two tokens", "tokenizer.ggml.merges", new[] { "a b", "b c" });
        Refused("tokenizer.ggml.merges is missing", "tokenizer.ggml.merges", null);
    }

    public void Dispose() => _folder.Dispose();

    private static T[] Replaced<T>(T[] values, params object[] changes)
    {
        var changed = (T[])values.Clone();
        for (var i = 0; i < changes.Length; i += 2)
        {
            changed[(int)changes[i]] = (T)changes[i + 1];
        }

        return changed;
    }

    private static List<(int Offset, int Length)> Split(string text)
    {
        var pieces = new List<(int Offset, int Length)>();
        WordSplitter.Qwen.Split(text, pieces);
        return pieces;
    }

    private void Refused(string message, string key, object? value)
    {
        var writer = TinyModel.Writer().Without(key);
        var error = Assert.Throws<ModelFormatException>(() => Create(value is null ? writer : writer.With(key, value)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private BpeTokenizer Create(GgufWriter writer)
    {
        using var file = GgufFile.Open(_folder.Write("tokenizer.gguf", writer.ToBytes()));
        return BpeTokenizer.Read(file.Metadata);
    }
}
