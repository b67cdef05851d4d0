using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Scheduling;

/// <summary>An adapter as jobs refer to it. It is freed when it was retired and no job refers to it any more.</summary>
/// <param name="Loaded">What callers see.</param>
/// <param name="Prepared">What the back end made of it.</param>
internal sealed record ServedAdapter(LoadedAdapter Loaded, BackendAdapter Prepared);
