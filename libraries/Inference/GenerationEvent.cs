namespace O1Coder.Inference;

/// <summary>Something that happened in a generation.</summary>
public abstract record GenerationEvent;
