namespace O1Coder.Sandbox;

/// <summary>Every limit of one box, none left open; bytes and seconds.</summary>
internal sealed record BoxLimits(
    double CpuSeconds, double WallSeconds, long MemoryBytes, int Processes, long OutputBytes, long FileBytes, int OpenFiles,
    long DiskBytes, int DiskFiles);
