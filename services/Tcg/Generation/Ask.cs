namespace O1Coder.Tcg;

/// <summary>What the model is asked for.</summary>
/// <param name="Chat">The chat up to where the assistant answers.</param>
/// <param name="Opening">What every answer begins with.</param>
/// <param name="Sequences">How many answers, 1 to 64.</param>
/// <param name="Sampling">How tokens are drawn.</param>
/// <param name="Adapter">The adapter, empty for none.</param>
internal sealed record Ask(V1.ChatPrompt Chat, string Opening, int Sequences, V1.SamplingParameters Sampling, string Adapter);
