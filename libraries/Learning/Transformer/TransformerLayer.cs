using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// One block of qwen2 or llama with a backward pass of its own: base weights are frozen, so no gradient of theirs is ever
/// computed, and what is cheap to compute again is not kept.
/// </summary>
internal sealed class TransformerLayer : IDisposable
{
    private readonly ModelDescription _model;
    private readonly bool _first;
    private readonly RmsNorm _attentionNorm;
    private readonly RmsNorm _feedForwardNorm;
    private readonly LinearGroup _queryKeyValue;
    private readonly LinearGroup _output;
    private readonly LinearGroup _gateUp;
    private readonly LinearGroup _down;

    /// <summary>Reads a layer.</summary>
    public TransformerLayer(IWeights weights, int layer, ProductPrecision precision, LoraParameters? lora, WideningBuffers buffers)
    {
        _model = weights.Description;
        _first = layer == 0;
        LinearGroup Group(params Projection[] projections) => new(weights, layer, projections, precision, lora, buffers);
        _attentionNorm = RmsNorm.Load(weights, $"model.layers.{layer}.input_layernorm.weight");
        _feedForwardNorm = RmsNorm.Load(weights, $"model.layers.{layer}.post_attention_layernorm.weight");
        _queryKeyValue = Group(Projection.Query, Projection.Key, Projection.Value);
        _output = Group(Projection.Output);
        _gateUp = Group(Projection.Gate, Projection.Up);
        _down = Group(Projection.Down);
    }

    /// <summary>Takes the adapter's factors over, after they have moved.</summary>
    public void AdapterMoved()
    {
        _queryKeyValue.AdapterMoved();
        _output.AdapterMoved();
        _gateUp.AdapterMoved();
        _down.AdapterMoved();
    }

    /// <summary>The residual stream after the layer, [tokens, hidden], 32 bits.</summary>
    /// <param name="x">The residual stream before it.</param>
    /// <param name="pass">The pass.</param>
    /// <param name="trace">Keeps what the backward pass needs; null for none.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Forward(Tensor x, LayerPass pass, LayerTrace? trace)
    {
        using var scope = NewDisposeScope();
        var activations = Activate(x, pass);
        var hidden = _down.NewInput(x.size(0));
        SwiGlu.Forward(activations.GateUp, hidden);
        _down.FillAdapter(hidden, pass.Dropout);
        var result = _down.Forward(hidden, pass.CancellationToken).to(ScalarType.Float32).add_(activations.Middle);
        trace?.Set(activations);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Adds to the adapter's gradients.</summary>
    /// <param name="trace">What <see cref="Forward"/> kept; activations that it does not hold are computed again.</param>
    /// <param name="pass">The same pass.</param>
    /// <param name="gradient">The gradient of the residual stream after the layer.</param>
    /// <returns>That of the residual stream before it; of the first layer, where nothing asks for it, the one given.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor Backward(LayerTrace trace, LayerPass pass, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var kept = trace.Activations ?? Activate(trace.Input, pass);
        var middle = BackwardFeedForward(kept, pass, gradient).add_(gradient);
        return BackwardAttention(trace.Input, kept, pass, middle).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attentionNorm.Dispose();
        _feedForwardNorm.Dispose();
        _queryKeyValue.Dispose();
        _output.Dispose();
        _gateUp.Dispose();
        _down.Dispose();
    }

    private LayerActivations Activate(Tensor x, LayerPass pass)
    {
        using var scope = NewDisposeScope();
        var (queries, keys, values) = Project(x, pass);
        var attended = _output.Input(Attention.Forward(queries, keys, values, pass.Rows.Starts, pass.CancellationToken), pass.Dropout);
        var middle = _output.Forward(attended, pass.CancellationToken).to(ScalarType.Float32).add_(x);
        var input = _gateUp.Input(_feedForwardNorm.Forward(middle), pass.Dropout);
        var gateUp = _gateUp.Forward(input, pass.CancellationToken);
        return new(
            queries.MoveToOuterDisposeScope(), keys.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope(),
            attended.MoveToOuterDisposeScope(), middle.MoveToOuterDisposeScope(), gateUp.MoveToOuterDisposeScope());
    }

    private (Tensor Queries, Tensor Keys, Tensor Values) Project(Tensor x, LayerPass pass)
    {
        using var scope = NewDisposeScope();
        var input = _queryKeyValue.Input(_attentionNorm.Forward(x), pass.Dropout);
        var projected = _queryKeyValue.Forward(input, pass.CancellationToken).to(ScalarType.Float32);
        var parts = projected.view(x.size(0), -1, _model.HeadSize);
        var queries = pass.Rotary.Turn(parts.narrow(1, 0, _model.Heads));
        var keys = pass.Rotary.Turn(parts.narrow(1, _model.Heads, _model.KeyValueHeads));
        var values = parts.narrow(1, _model.Heads + _model.KeyValueHeads, _model.KeyValueHeads).clone();
        return (queries.MoveToOuterDisposeScope(), keys.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope());
    }

    private Tensor BackwardFeedForward(LayerActivations kept, LayerPass pass, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var outer = gradient.to(kept.GateUp.dtype);
        var hiddenGradient = _down.BackwardInput(outer, pass.Dropout, pass.CancellationToken);
        var hidden = _down.NewInput(gradient.size(0));
        var gateUpGradient = SwiGlu.Backward(kept.GateUp, hiddenGradient, hidden);
        _down.FillAdapter(hidden, pass.Dropout);
        _down.Accumulate(hidden, outer, hiddenGradient, pass.Dropout);

        var inputGradient = _gateUp.BackwardInput(gateUpGradient, pass.Dropout, pass.CancellationToken);
        var input = _gateUp.Input(_feedForwardNorm.Forward(kept.Middle), pass.Dropout);
        _gateUp.Accumulate(input, gateUpGradient, inputGradient, pass.Dropout);
        var normGradient = inputGradient.narrow(1, 0, _gateUp.In).to(ScalarType.Float32);
        return _feedForwardNorm.Backward(kept.Middle, normGradient).MoveToOuterDisposeScope();
    }

    private Tensor BackwardAttention(Tensor x, LayerActivations kept, LayerPass pass, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var outer = gradient.to(kept.GateUp.dtype);
        var attendedGradient = _output.BackwardInput(outer, pass.Dropout, pass.CancellationToken);
        _output.Accumulate(kept.Attended, outer, attendedGradient, pass.Dropout);
        var (queries, keys, values) = Attention.Backward(
            kept.Queries, kept.Keys, kept.Values, pass.Rows.Starts,
            attendedGradient.narrow(1, 0, _output.In).to(ScalarType.Float32), pass.CancellationToken);
        var projected = cat([pass.Rotary.TurnBack(queries), pass.Rotary.TurnBack(keys), values], 1)
            .view(x.size(0), -1).to(kept.GateUp.dtype);

        var input = _queryKeyValue.Input(_attentionNorm.Forward(x), pass.Dropout);
        if (_first)
        {
            _queryKeyValue.Accumulate(input, projected, _queryKeyValue.BackwardAdapter(projected), pass.Dropout);
            return gradient.alias().MoveToOuterDisposeScope();
        }

        var inputGradient = _queryKeyValue.BackwardInput(projected, pass.Dropout, pass.CancellationToken);
        _queryKeyValue.Accumulate(input, projected, inputGradient, pass.Dropout);
        var normGradient = inputGradient.narrow(1, 0, _queryKeyValue.In).to(ScalarType.Float32);
        return _attentionNorm.Backward(x, normGradient).add_(gradient).MoveToOuterDisposeScope();
    }
}
