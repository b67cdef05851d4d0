namespace O1Coder.Models;

/// <summary>What a vocabulary entry is; the numbers are llama.cpp's <c>llama_token_type</c>.</summary>
internal enum GgufTokenType
{
    Normal = 1,
    Unknown = 2,

    /// <summary>A special token that structures text, for example the end of a turn.</summary>
    Control = 3,

    /// <summary>A token of its own that was added to the vocabulary and shows as text.</summary>
    UserDefined = 4,

    /// <summary>Padding of the embedding; never in a text.</summary>
    Unused = 5,
    Byte = 6,
}
