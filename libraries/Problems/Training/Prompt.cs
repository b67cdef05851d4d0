namespace O1Coder.Problems.Training;

/// <summary>What comes before an answer: a chat, or plain text.</summary>
public sealed record Prompt
{
    /// <summary>The chat up to where the assistant answers; empty for plain text.</summary>
    public IReadOnlyList<PromptMessage> Messages { get; init; } = [];

    /// <summary>Plain text, to which no chat template is applied; empty for a chat.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether this is a chat.</summary>
    public bool IsChat => Messages.Count > 0;

    /// <inheritdoc/>
    public bool Equals(Prompt? other) => other is not null && Text == other.Text && Messages.SequenceEqual(other.Messages);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text, Messages.Count);
}
