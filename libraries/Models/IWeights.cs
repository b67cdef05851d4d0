namespace O1Coder.Models;

/// <summary>
/// A transformer's weights under Hugging Face's names, whatever the files are: <c>model.embed_tokens.weight</c>,
/// <c>model.layers.N.self_attn.{q,k,v,o}_proj.weight</c>, <c>model.layers.N.self_attn.{q,k,v}_proj.bias</c> (where
/// <see cref="ModelDescription.QkvBias"/>), <c>model.layers.N.mlp.{gate,up,down}_proj.weight</c>,
/// <c>model.layers.N.self_attn.{q,k}_norm.weight</c> (where <see cref="ModelDescription.QueryKeyNorm"/>),
/// <c>model.layers.N.{input,post_attention}_layernorm.weight</c>, <c>model.norm.weight</c>, and <c>lm_head.weight</c> where
/// the embedding is not tied. All are there in the shapes that the description implies. Safe for concurrent readers.
/// </summary>
public interface IWeights : IDisposable
{
    /// <summary>The transformer's shape.</summary>
    ModelDescription Description { get; }

    /// <summary>A tensor's shape, row-major: [out, in] of a matrix, [elements] of a vector.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor.</exception>
    IReadOnlyList<long> Shape(string name);

    /// <summary>All elements as floats, row-major.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or its elements are of a type that is not known.</exception>
    float[] Read(string name);

    /// <summary>All elements as floats, row-major.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">As long as the tensor has elements.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="ModelFormatException">There is no such tensor, or its elements are of a type that is not known.</exception>
    void Read(string name, Span<float> destination);

    /// <summary>Some rows as floats, so that a large matrix need not be held twice.</summary>
    /// <param name="name">The tensor; a vector is one row.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="destination">Whole rows: a multiple of the last dimension.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="destination"/> is no multiple of a row, or the rows are not all there.
    /// </exception>
    /// <exception cref="ModelFormatException">There is no such tensor, or its elements are of a type that is not known.</exception>
    void ReadRows(string name, long firstRow, Span<float> destination);

    /// <summary>How a tensor's elements are stored, in GGUF's terms.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor, or its elements are of a type that is not known.</exception>
    GgufTensorType StoredType(string name);

    /// <summary>The bytes of some rows as they are stored, block formats included, so that a back end may keep them exactly.</summary>
    /// <param name="name">The tensor; a vector is one row.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="destination">Whole rows of <see cref="StoredType"/>.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="destination"/> is no multiple of a row's bytes, or the rows are not all there.
    /// </exception>
    /// <exception cref="ModelFormatException">There is no such tensor, or its elements are of a type that is not known.</exception>
    void ReadStored(string name, long firstRow, Span<byte> destination);

    /// <summary>
    /// Says that a tensor will not be read soon: memory that maps its file may be given back. It can be read again all the same.
    /// </summary>
    /// <exception cref="ModelFormatException">There is no such tensor.</exception>
    void Release(string name)
    {
    }
}
