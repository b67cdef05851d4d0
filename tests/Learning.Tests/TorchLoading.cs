using System.Runtime.CompilerServices;
using O1Coder.Learning.Native;

namespace O1Coder.Learning.Tests;

/// <summary>Loads libtorch before the first test touches TorchSharp.</summary>
internal static class TorchLoading
{
    [ModuleInitializer]
    public static void Load() => NativeTorch.Load();
}
