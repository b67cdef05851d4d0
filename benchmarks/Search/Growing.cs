using O1Coder.Search;

namespace O1Coder.Benchmarks;

/// <summary>Grows a tree to a size and keeps it, with no second copy beside it.</summary>
internal static class Growing
{
    /// <summary>Runs a search until its tree has so many nodes.</summary>
    public static async Task<SearchTree> GrowAsync(SearchRequest request, int nodes, CancellationToken cancellationToken)
    {
        var method = (SearchMethod)SearchMethods.For(request.Options.Method);
        SearchTree? tree = null;
        await foreach (var one in method.SearchAsync(request, kept => tree = kept, cancellationToken))
        {
            if (one is NodeAdded added && added.Node >= nodes - 1)
            {
                break;
            }
        }

        return tree ?? throw new InvalidOperationException("the search did not begin");
    }
}
