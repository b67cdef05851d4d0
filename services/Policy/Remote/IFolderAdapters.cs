using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Policy.Remote;

/// <summary>An engine that reads adapters' files itself, elsewhere, and so has to know their folder.</summary>
internal interface IFolderAdapters
{
    /// <summary>As <see cref="IInferenceEngine.AddAdapterAsync"/>.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="folder">The folder that it was read from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<LoadedAdapter> AddFromFolderAsync(LoraAdapter adapter, string folder, CancellationToken cancellationToken);
}
