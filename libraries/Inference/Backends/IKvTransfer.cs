namespace O1Coder.Inference.Backends;

/// <summary>A back end whose keys and values can leave the process and come back, to the bit.</summary>
internal interface IKvTransfer
{
    /// <summary>How keys and values lie, for people; others that lie otherwise say something else.</summary>
    string KvForm { get; }

    /// <summary>Bytes of the keys and values of so many tokens from a sequence's beginning on, as they are transferred.</summary>
    long TransferBytes(int tokens);

    /// <summary>Copies everything that a sequence holds.</summary>
    /// <param name="sequence">An open sequence.</param>
    /// <param name="to">[<see cref="TransferBytes"/> of its length].</param>
    void CopyOut(KvSequence sequence, Span<byte> to);

    /// <summary>Fills an empty sequence.</summary>
    /// <param name="sequence">An open sequence.</param>
    /// <param name="tokens">Tokens that it has afterwards.</param>
    /// <param name="from">[<see cref="TransferBytes"/> of them].</param>
    void CopyIn(KvSequence sequence, int tokens, ReadOnlySpan<byte> from);
}
