using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>What a layer's backward pass needs of its forward pass; tensors are this object's own.</summary>
internal sealed class LayerTrace : IDisposable
{
    private readonly List<Tensor> _tensors = [];
    private Tensor? _input;

    /// <summary>The residual stream before the layer, [tokens, hidden].</summary>
    public Tensor Input
    {
        get => _input!;
        set => _input = Keep(value);
    }

    /// <summary>The rest; null until kept, and again where it is to be computed once more.</summary>
    public LayerActivations? Activations { get; private set; }

    /// <summary>Keeps what is between.</summary>
    public void Set(LayerActivations activations)
    {
        Keep(activations.Queries);
        Keep(activations.Keys);
        Keep(activations.Values);
        Keep(activations.Attended);
        Keep(activations.Middle);
        Keep(activations.GateUp);
        Activations = activations;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tensors.ForEach(tensor => tensor.Dispose());
        _tensors.Clear();
    }

    private Tensor Keep(Tensor tensor)
    {
        _tensors.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
