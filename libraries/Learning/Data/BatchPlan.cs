namespace O1Coder.Learning.Data;

/// <summary>
/// Which examples make which step: a function of lengths, seed and options alone, so that a step's number is all that a
/// checkpoint needs to remember of it. Each epoch's order is drawn anew, and its examples packed first-fit.
/// </summary>
internal sealed class BatchPlan
{
    // Batches that still take examples; older ones stay as they are, so that packing takes time in proportion.
    private const int MostOpen = 64;

    private readonly int[] _tokens;
    private readonly int _tokensPerBatch;
    private readonly int _accumulation;
    private readonly ulong _seed;
    private readonly List<int> _firstSteps = [0];
    private (int Epoch, List<List<int>> Batches) _current = (-1, []);

    /// <summary>Plans a run.</summary>
    /// <param name="tokens">Tokens of each example.</param>
    /// <param name="tokensPerBatch">Tokens of a batch; a longer example makes a batch of its own.</param>
    /// <param name="accumulation">Batches a step; an epoch's last step may have fewer.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="mostSteps">Steps at most; 0 is no such limit.</param>
    /// <param name="seed">Of the orders.</param>
    public BatchPlan(int[] tokens, int tokensPerBatch, int accumulation, int epochs, int mostSteps, ulong seed)
    {
        _tokens = tokens;
        _tokensPerBatch = tokensPerBatch;
        _accumulation = accumulation;
        _seed = seed;
        for (var epoch = 0; epoch < epochs && (mostSteps == 0 || _firstSteps[^1] < mostSteps); epoch++)
        {
            _firstSteps.Add(_firstSteps[^1] + ((Pack(epoch).Count + accumulation - 1) / accumulation));
        }

        Steps = mostSteps == 0 ? _firstSteps[^1] : Math.Min(mostSteps, _firstSteps[^1]);
    }

    /// <summary>Steps in all.</summary>
    public int Steps { get; }

    /// <summary>The epoch, from 0, of a step, from 0.</summary>
    public int Epoch(int step)
    {
        var found = _firstSteps.BinarySearch(step);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The batches of a step, from 0: places in the list of examples.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Batches(int step)
    {
        var epoch = Epoch(step);
        if (_current.Epoch != epoch)
        {
            _current = (epoch, Pack(epoch));
        }

        var first = (step - _firstSteps[epoch]) * _accumulation;
        return _current.Batches.GetRange(first, Math.Min(_accumulation, _current.Batches.Count - first));
    }

    /// <summary>The examples in their own order, packed in the same way, for a pass that changes nothing.</summary>
    public static List<List<int>> InOrder(int[] tokens, int tokensPerBatch) =>
        Pack([.. Enumerable.Range(0, tokens.Length)], tokens, tokensPerBatch);

    private static List<List<int>> Pack(int[] order, int[] tokens, int tokensPerBatch)
    {
        var batches = new List<List<int>>();
        var free = new List<int>();
        foreach (var example in order)
        {
            var batch = Math.Max(0, batches.Count - MostOpen);
            while (batch < batches.Count && free[batch] < tokens[example])
            {
                batch++;
            }

            if (batch == batches.Count)
            {
                batches.Add([]);
                free.Add(tokensPerBatch);
            }

            batches[batch].Add(example);
            free[batch] -= tokens[example];
        }

        return batches;
    }

    private List<List<int>> Pack(int epoch)
    {
        var order = Enumerable.Range(0, _tokens.Length).ToArray();
        var random = new SplitMix64(_seed ^ ((ulong)(epoch + 1) * 0xD1342543DE82EF95));
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = (int)random.Below((uint)i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return Pack(order, _tokens, _tokensPerBatch);
    }
}
