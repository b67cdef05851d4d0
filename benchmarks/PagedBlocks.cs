using O1Coder.Inference.Backends;
using O1Coder.Inference.Cpu;

namespace O1Coder.Benchmarks;

/// <summary>Blocks of the cpu back end's pages without anything that computes them.</summary>
internal sealed class PagedBlocks(KvPagePool pool) : IKvBlocks
{
    public long BytesPerToken => pool.Layout.PageBytes / KvLayout.PageTokens;

    public long BlockBytes(KvSequence sequence, int start, int count) =>
        ((PagedSequence)sequence).PagesOutsideBlocks(start, count) * pool.Layout.PageBytes;

    public KvBlock Save(KvSequence sequence, int start, int count) => ((PagedSequence)sequence).Save(start, count);

    public void Load(KvSequence sequence, KvBlock block, int count) => ((PagedSequence)sequence).Append((PagedBlock)block, count);

    public KvBlock Slice(KvBlock block, int start, int count) => ((PagedBlock)block).Slice(start, count);
}
