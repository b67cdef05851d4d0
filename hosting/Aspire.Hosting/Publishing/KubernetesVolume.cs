namespace O1Coder.Hosting;

/// <summary>A folder that outlives a pod and that several may share.</summary>
/// <param name="Name">The claim's name.</param>
/// <param name="MountPath">Where it is in the pod.</param>
/// <param name="Size">How much it holds, a quantity: <c>20Gi</c>.</param>
public sealed record KubernetesVolume(string Name, string MountPath, string Size);
