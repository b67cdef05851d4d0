namespace O1Coder.Inference.Cpu;

/// <summary>Bytes in memory: those at a register's address and a distance from it.</summary>
/// <param name="Base">The register.</param>
/// <param name="Offset">The distance, bytes.</param>
internal readonly record struct Operand(General Base, int Offset);
