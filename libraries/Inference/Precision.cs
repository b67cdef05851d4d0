namespace O1Coder.Inference;

/// <summary>How exactly activations enter the products with the 4-bit weights.</summary>
public enum Precision
{
    /// <summary>Activations are quantised to 8 bits per row and block of 32: the default.</summary>
    Fast,

    /// <summary>Activations stay float32: agrees with a float32 trainer, at about half the rate.</summary>
    Exact,
}
