using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// Frozen projections that share an input, as one product, with their adapters. The weights lie as [W | s·B | 0] and the
/// input as [x | x·Aᵀ | 0], so that one product adds base and adapter before it rounds, and its transpose gives the
/// gradients of x and of x·Aᵀ at once.
/// </summary>
internal sealed class LinearGroup : IDisposable
{
    // Rows of a multiple of 64 bytes.
    private const int Alignment = 32;

    private readonly ProductPrecision _precision;
    private readonly WideningBuffers _buffers;
    private readonly LoraParameters? _lora;
    private readonly int _layer;
    private readonly List<(LoraSlot Slot, int FirstRow, int Rows, int FirstColumn)> _slots = [];
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly Tensor? _stackedA;
    private readonly Tensor? _stackedGradientA;

    /// <summary>Reads the projections' weights.</summary>
    public LinearGroup(
        IWeights weights, int layer, Projection[] projections, ProductPrecision precision, LoraParameters? lora, WideningBuffers buffers)
    {
        var model = weights.Description;
        _precision = precision;
        _buffers = buffers;
        _lora = lora;
        _layer = layer;
        In = model.InputSize(projections[0]);
        var slots = lora?.Slots(layer, projections) ?? [];
        Rank = slots.Count * (lora?.Rank ?? 0);
        Width = In + ((Rank + Alignment - 1) / Alignment * Alignment);
        Out = projections.Sum(model.OutputSize);
        _weight = zeros([Out, precision.Widened ? In : Width], dtype: precision.Stored).DetachFromDisposeScope();
        var hasBias = model.QkvBias && projections[0] == Projection.Query;
        _bias = hasBias ? zeros([Out], dtype: precision.Computed).DetachFromDisposeScope() : null;
        var row = 0;
        foreach (var projection in projections)
        {
            using var scope = NewDisposeScope();
            var rows = model.OutputSize(projection);
            var name = $"model.layers.{layer}.{projection.ModulePath()}";
            var read = empty(rows, In);
            weights.Read($"{name}.weight", LoraParameters.Elements(read));
            _weight.narrow(0, row, rows).narrow(1, 0, In).copy_(read);
            _bias?.narrow(0, row, rows).copy_(tensor(weights.Read($"{name}.bias")));
            if (slots.FirstOrDefault(slot => slot.Projection == projection) is { } found)
            {
                _slots.Add((found, row, rows, In + (_slots.Count * lora!.Rank)));
            }

            row += rows;
        }

        if (Rank > 0)
        {
            _stackedA = lora!.Stack(slots, slot => slot.ComputedA).DetachFromDisposeScope();
            _stackedGradientA = slots[0].GradientA.numel() > 0 ? lora.Stack(slots, slot => slot.GradientA).DetachFromDisposeScope() : null;
        }

        AdapterMoved();
    }

    /// <summary>Width of the input.</summary>
    public int In { get; }

    /// <summary>Width of the output: the projections' side by side.</summary>
    public int Out { get; }

    /// <summary>Width of the input with the adapter's part.</summary>
    public int Width { get; }

    private int Rank { get; }

    /// <summary>Takes the adapter's factors over, after they have moved.</summary>
    public void AdapterMoved()
    {
        if (!_precision.Widened)
        {
            PutB(_weight);
        }
    }

    /// <summary>[tokens, <see cref="Width"/>] with x in its first columns and the adapter's part filled.</summary>
    public Tensor Input(Tensor x, DropoutMasks? dropout)
    {
        using var scope = NewDisposeScope();
        var input = NewInput(x.size(0));
        input.narrow(1, 0, In).copy_(x);
        FillAdapter(input, dropout);
        return input.MoveToOuterDisposeScope();
    }

    /// <summary>[tokens, <see cref="Width"/>], whose first columns are yet to be filled.</summary>
    public Tensor NewInput(long tokens)
    {
        using var scope = NewDisposeScope();
        var input = empty([tokens, Width], dtype: _precision.Computed);
        if (Width > In)
        {
            input.narrow(1, In, Width - In).zero_();
        }

        return input.MoveToOuterDisposeScope();
    }

    /// <summary>Fills the adapter's part of an input from its first columns.</summary>
    public void FillAdapter(Tensor input, DropoutMasks? dropout)
    {
        using var scope = NewDisposeScope();
        if (Rank == 0)
        {
            return;
        }

        var x = input.narrow(1, 0, In);
        if (dropout is null)
        {
            input.narrow(1, In, Rank).copy_(mm(x, _stackedA!.t()));
            return;
        }

        foreach (var (slot, _, _, column) in _slots)
        {
            using var inner = NewDisposeScope();
            input.narrow(1, column, _lora!.Rank).copy_(mm(x.mul(Mask(dropout, slot, input)), slot.ComputedA.t()));
        }
    }

    /// <summary>The output, [tokens, <see cref="Out"/>].</summary>
    public Tensor Forward(Tensor input, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var output = Products.Multiply(input, Weights().t(), cancellationToken);
        return (_bias is null ? output : output.add_(_bias)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The gradient of the input from that of the output, laid out as the input is: columns from <see cref="In"/> on are the
    /// gradient of x·Aᵀ, and the first ones, x's, are complete.
    /// </summary>
    public Tensor BackwardInput(Tensor gradient, DropoutMasks? dropout, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var input = Products.Multiply(gradient, Weights(), cancellationToken);
        if (Rank > 0 && dropout is null)
        {
            input.narrow(1, 0, In).addmm_(input.narrow(1, In, Rank), _stackedA!);
        }
        else
        {
            foreach (var (slot, _, _, column) in _slots)
            {
                using var inner = NewDisposeScope();
                var part = mm(input.narrow(1, column, _lora!.Rank), slot.ComputedA).mul_(Mask(dropout!, slot, input));
                input.narrow(1, 0, In).add_(part);
            }
        }

        return input.MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of x·Aᵀ alone, laid out as <see cref="BackwardInput"/> does, where x's own is not asked for.</summary>
    public Tensor BackwardAdapter(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var input = NewInput(gradient.size(0));
        foreach (var (slot, row, rows, column) in _slots)
        {
            using var inner = NewDisposeScope();
            input.narrow(1, column, _lora!.Rank).copy_(mm(gradient.narrow(1, row, rows), slot.ComputedB).mul_(_lora.Scale));
        }

        return input.MoveToOuterDisposeScope();
    }

    /// <summary>Adds to the gradients of A and B.</summary>
    /// <param name="input">What <see cref="Forward"/> was given.</param>
    /// <param name="gradient">The output's gradient.</param>
    /// <param name="inputGradient">What <see cref="BackwardInput"/> gave.</param>
    /// <param name="dropout">As in the forward pass.</param>
    public void Accumulate(Tensor input, Tensor gradient, Tensor inputGradient, DropoutMasks? dropout)
    {
        if (Rank == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        foreach (var (slot, row, rows, column) in _slots)
        {
            using var inner = NewDisposeScope();
            var u = input.narrow(1, column, _lora!.Rank);
            Add(slot.GradientB, gradient.narrow(1, row, rows).t(), u, _lora.Scale);
            if (dropout is not null)
            {
                var x = input.narrow(1, 0, In).mul(Mask(dropout, slot, input));
                Add(slot.GradientA, inputGradient.narrow(1, column, _lora.Rank).t(), x, 1);
            }
        }

        if (dropout is null)
        {
            Add(_stackedGradientA!, inputGradient.narrow(1, In, Rank).t(), input.narrow(1, 0, In), 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
        _stackedA?.Dispose();
        _stackedGradientA?.Dispose();
    }

    private static void Add(Tensor sum, Tensor left, Tensor right, float scale)
    {
        if (left.dtype == ScalarType.Float32)
        {
            sum.addmm_(left, right, 1, scale);
        }
        else
        {
            sum.add_(mm(left, right).to(ScalarType.Float32), scale);
        }
    }

    private Tensor Mask(DropoutMasks dropout, LoraSlot slot, Tensor input) =>
        dropout.Make(_layer, slot.Projection, input.size(0), In, _precision.Computed);

    private Tensor Weights()
    {
        if (!_precision.Widened)
        {
            return _weight;
        }

        var wide = _buffers.Get(Out, Width);
        wide.narrow(1, 0, In).copy_(_weight);
        if (Width > In)
        {
            wide.narrow(1, In, Width - In).zero_();
        }

        PutB(wide);
        return wide;
    }

    private void PutB(Tensor weights)
    {
        using var scope = NewDisposeScope();
        foreach (var (slot, row, rows, column) in _slots)
        {
            weights.narrow(0, row, rows).narrow(1, column, _lora!.Rank).copy_(slot.B.mul(_lora.Scale));
        }
    }
}
