namespace O1Coder.Inference.Backends;

/// <summary>An adapter as a back end holds it. Made and freed only by the back end.</summary>
internal abstract class BackendAdapter
{
}
