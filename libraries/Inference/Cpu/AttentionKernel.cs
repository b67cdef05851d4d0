using System.Runtime.Intrinsics;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Attention over pages of keys and values. Rows that hold the same page are computed over it together, whatever sequences
/// they are of (as DeFT, arXiv 2404.00242, does for trees); the softmax goes on from page to page (arXiv 1805.02867), each
/// row's pages in their order and each row by itself, so that a row's result does not depend on the others.
/// </summary>
internal abstract unsafe class AttentionKernel
{
    // Queries of one page that are computed in turn: their sums stay in the second-level cache.
    private const int QueriesAtOnce = 64;

    private readonly int _scoresFloats;

    /// <summary>The kernel for a model.</summary>
    /// <param name="layout">How keys and values lie.</param>
    /// <param name="heads">Query heads.</param>
    protected AttentionKernel(KvLayout layout, int heads)
    {
        (Layout, Group) = (layout, heads / layout.Heads);
        MaxRows = Math.Max(1, QueriesAtOnce / Group);
        var queries = MaxRows * Group;
        _scoresFloats = queries * KvLayout.PageTokens;
        ScratchFloats = _scoresFloats + (queries * layout.ValueWidth) + (3 * Pad(queries)) + (2 * Pad(queries));
    }

    /// <summary>Rows that are computed at once at most.</summary>
    public int MaxRows { get; }

    /// <summary>Floats that a thread needs; a multiple of 16.</summary>
    public int ScratchFloats { get; }

    /// <summary>How keys and values lie.</summary>
    protected KvLayout Layout { get; }

    /// <summary>Query heads that share a key-value head.</summary>
    protected int Group { get; }

    /// <summary>The kernel for an instruction set.</summary>
    public static AttentionKernel For(KernelPath path, KvLayout layout, int heads) => path switch
    {
        KernelPath.Avx512Vnni or KernelPath.Avx512 => new AttentionKernel<Simd512, Vector512<float>>(layout, heads),
        KernelPath.Avx2 => new AttentionKernel<Simd256, Vector256<float>>(layout, heads),
        _ => new AttentionKernel<Simd128, Vector128<float>>(layout, heads),
    };

    /// <summary>Attends for some rows and the query heads of one key-value head.</summary>
    /// <param name="rows">The rows, 1 to <see cref="MaxRows"/>; those that share pages lie side by side.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="head">The key-value head.</param>
    /// <param name="queries">The first row's queries, scaled: [heads][head size].</param>
    /// <param name="queryStride">Floats to the next row's.</param>
    /// <param name="output">Receives the first row's, likewise.</param>
    /// <param name="outputStride">Floats to the next row's.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> of the thread's own.</param>
    public void Attend(
        ReadOnlySpan<RowPlace> rows, int layer, int head, float* queries, long queryStride, float* output, long outputStride, float* scratch)
    {
        var count = rows.Length * Group;
        var state = new AttentionState
        {
            Scores = scratch,
            Sums = scratch + _scoresFloats,
            Largest = scratch + _scoresFloats + (count * Layout.ValueWidth),
        };
        state.Totals = state.Largest + Pad(count);
        state.Scales = state.Totals + Pad(count);
        state.Queries = (float**)(state.Scales + Pad(count));
        new Span<float>(state.Sums, count * Layout.ValueWidth).Clear();
        var (first, last) = (int.MaxValue, 0);
        for (var i = 0; i < count; i++)
        {
            state.Queries[i] = queries + (i / Group * queryStride) + (((head * Group) + (i % Group)) * (long)Layout.HeadSize);
            (state.Largest[i], state.Totals[i]) = (float.NegativeInfinity, 0);
            first = Math.Min(first, Math.Max(0, rows[i / Group].Position + 1 - Layout.Window));
            last = Math.Max(last, rows[i / Group].Position);
        }

        var offset = Layout.Offset(layer, head);
        for (var page = first / KvLayout.PageTokens; page <= last / KvLayout.PageTokens; page++)
        {
            AttendPage(rows, page, offset, state);
        }

        for (var i = 0; i < count; i++)
        {
            var to = output + (i / Group * outputStride) + (((head * Group) + (i % Group)) * (long)Layout.HeadSize);
            Finish(state.Sums + ((long)i * Layout.ValueWidth), state.Totals[i], to);
        }
    }

    /// <summary>Adds a page to some neighbouring queries.</summary>
    /// <param name="state">All queries.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="keys">The page's keys; its values lie behind them.</param>
    /// <param name="from">The first token of the page that they see.</param>
    /// <param name="tokens">The end of those that they see.</param>
    protected abstract void Extend(in AttentionState state, int first, int count, float* keys, int from, int tokens);

    /// <summary>Divides a query's sum by its total.</summary>
    protected abstract void Finish(float* sum, float total, float* output);

    private static int Pad(int floats) => (floats + 15) / 16 * 16;

    private void AttendPage(ReadOnlySpan<RowPlace> rows, int page, long offset, in AttentionState state)
    {
        for (var row = 0; row < rows.Length;)
        {
            var (from, tokens) = Visible(rows[row], page);
            var end = row + 1;
            if (from < tokens)
            {
                var held = rows[row].Sequence.Pages[page];
                while (end < rows.Length && Visible(rows[end], page) == (from, tokens) && rows[end].Sequence.Pages[page] == held)
                {
                    end++;
                }

                Extend(state, row * Group, (end - row) * Group, held.Address + offset, from, tokens);
            }

            row = end;
        }
    }

    private (int From, int End) Visible(in RowPlace row, int page)
    {
        var end = row.Position + 1 - (page * KvLayout.PageTokens);
        return (Math.Max(0, end - Layout.Window), Math.Min(KvLayout.PageTokens, end));
    }
}
