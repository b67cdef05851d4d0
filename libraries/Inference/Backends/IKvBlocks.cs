namespace O1Coder.Inference.Backends;

/// <summary>What the prefix cache asks of a back end: keys and values of a few tokens, kept outside any sequence.</summary>
internal interface IKvBlocks
{
    /// <summary>Bytes that the keys and values of one token take.</summary>
    long BytesPerToken { get; }

    /// <summary>Bytes that <see cref="Save"/> would hold and no block does yet.</summary>
    long BlockBytes(KvSequence sequence, int start, int count) => count * BytesPerToken;

    /// <summary>Holds tokens [start, start + count) of a sequence in a new block, by copying or by sharing.</summary>
    KvBlock Save(KvSequence sequence, int start, int count);

    /// <summary>
    /// Appends the first <paramref name="count"/> tokens of a block to an open sequence, which must hold exactly the tokens
    /// that lay before the block where it was saved.
    /// </summary>
    void Load(KvSequence sequence, KvBlock block, int count);

    /// <summary>
    /// Holds tokens [start, start + count) of a block in a new one, likewise. A block that is cut into such blocks and
    /// disposed leaves as many bytes held as before.
    /// </summary>
    KvBlock Slice(KvBlock block, int start, int count);
}
