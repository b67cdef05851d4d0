using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Machine code for products of 4- and 8-bit weights with 8-bit activations that multiplies four pairs of bytes and adds them up
/// in one instruction on 512 bits, <c>vpdpbusd</c> of AVX-512 VNNI, for which .NET 10 has no intrinsic of that width. It computes
/// what <see cref="FastNibbles{TFormat, TLanes, TInts, TFloats}"/> and <see cref="FastBytes{TLanes, TInts, TFloats}"/> do, in the
/// same order: the same bits. docs/machine-code.md says what it brings.
/// </summary>
internal static unsafe class VnniCode
{
    // Registers of all three kernels: codes of the first sixteen outputs from 0, of the others from 8.
    private const int OtherCodes = 8;
    private const int Scale = 16;
    private const int OtherScale = 17;
    private const int Minimum = 18;
    private const int OtherMinimum = 19;
    private const int Sums = 20;
    private const int OtherSums = 21;
    private const int Activations = 22;
    private const int Total = 23;
    private const int Zero = 30;
    private const int Nibble = 31;

    private const General Panel = General.Rsi;
    private const General Blocks = General.Rcx;
    private const General Rows = General.Rdx;
    private const General Record = General.R8;
    private const General RecordStride = General.R9;
    private const General Results = General.R10;
    private const General RowRecord = General.Rax;
    private const General RowResults = General.R11;

    private const int VectorBytes = 64;
    private const int RowBytes = PackedWeights.PanelOutputs * sizeof(float);

    private static readonly Lazy<(nint Q40, nint Q41, nint Q80)> s_kernels = new(Make);

    /// <summary>Whether this machine has the instruction and its system lets code be made.</summary>
    public static bool IsSupported => s_kernels.Value.Q40 != 0;

    /// <summary>The kernel of a format.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static delegate* unmanaged<PanelTile*, void> Kernel<TFormat>()
        where TFormat : struct, IPanelFormat
    {
        var kernel = typeof(TFormat) == typeof(Q40Format) ? s_kernels.Value.Q40
            : typeof(TFormat) == typeof(Q41Format) ? s_kernels.Value.Q41
            : typeof(TFormat) == typeof(Q80Format) ? s_kernels.Value.Q80
            : 0;
        return kernel != 0
            ? (delegate* unmanaged<PanelTile*, void>)kernel
            : throw new NotSupportedException($"there is no machine code for {TFormat.Name} on this machine");
    }

    /// <summary>The code for a format.</summary>
    public static byte[] Assemble<TFormat>()
        where TFormat : struct, IPanelFormat
    {
        var code = new VectorAssembler();
        Begin(code);
        var block = code.Position;
        Ahead(code, PanelBlock.Bytes<TFormat>());
        LoadBlock<TFormat>(code);
        code.Move(RowRecord, Record);
        code.Move(RowResults, Results);
        code.Load32(Rows, Field(tile => (nint)(&tile->Rows)));
        var row = code.Position;
        MultiplyRow<TFormat>(code);
        code.Add(RowRecord, ActivationRows.RecordBytes);
        code.Add(RowResults, RowBytes);
        code.Repeat(Rows, row);
        code.Add(Record, RecordStride);
        code.Add(Panel, PanelBlock.Bytes<TFormat>());
        code.Repeat(Blocks, block);
        code.ClearUpper();
        code.Return();
        return code.ToArray();
    }

    private static (nint, nint, nint) Make()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || !Avx512BW.IsSupported || !HasVnni())
        {
            return default;
        }

        var kernels = ((nint)ExecutableMemory.TryPlace(Assemble<Q40Format>()), (nint)ExecutableMemory.TryPlace(Assemble<Q41Format>()),
            (nint)ExecutableMemory.TryPlace(Assemble<Q80Format>()));
        return kernels is (0, _, _) or (_, 0, _) or (_, _, 0) ? default : kernels;
    }

    private static bool HasVnni() => X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;

    private static void Begin(VectorAssembler code)
    {
        code.Load64(Panel, Field(tile => (nint)(&tile->Panel)));
        code.Load32(Blocks, Field(tile => (nint)(&tile->Blocks)));
        code.Load64(Record, Field(tile => (nint)(&tile->Record)));
        code.Load32(RecordStride, Field(tile => (nint)(&tile->RecordStride)));
        code.Load64(Results, Field(tile => (nint)(&tile->Sums)));
        code.Clear(Zero);
        code.Set(RowRecord, 0x0F0F0F0F);
        code.Broadcast(Nibble, RowRecord);
        code.Load32(Rows, Field(tile => (nint)(&tile->Rows)));
        code.Move(RowResults, Results);
        var row = code.Position;
        code.Store(new Operand(RowResults, 0), Zero);
        code.Store(new Operand(RowResults, VectorBytes), Zero);
        code.Add(RowResults, RowBytes);
        code.Repeat(Rows, row);
    }

    private static void Ahead(VectorAssembler code, int bytes)
    {
        for (var at = 0; at < bytes; at += VectorBytes)
        {
            code.Ahead(new Operand(Panel, PanelMemory.Distance + at));
        }
    }

    private static void LoadBlock<TFormat>(VectorAssembler code)
        where TFormat : struct, IPanelFormat
    {
        for (var half = 0; half < 2; half++)
        {
            var scales = half * TFormat.ScaleBytes;
            code.LoadHalves(Scale + half, new Operand(Panel, scales));
            if (typeof(TFormat) == typeof(Q41Format))
            {
                code.LoadHalves(Minimum + half, new Operand(Panel, scales + 32));
            }

            var codes = (2 * TFormat.ScaleBytes) + (half * TFormat.CodeBytes);
            for (var group = 0; group < 4; group++)
            {
                // Inputs 4·group to 4·group + 3, and those sixteen later.
                var (first, later) = ((half * OtherCodes) + group, (half * OtherCodes) + group + 4);
                if (typeof(TFormat) == typeof(Q80Format))
                {
                    code.Load(first, new Operand(Panel, codes + (2 * VectorBytes * group)));
                    code.Load(later, new Operand(Panel, codes + (2 * VectorBytes * group) + VectorBytes));
                }
                else
                {
                    code.Load(first, new Operand(Panel, codes + (VectorBytes * group)));
                    code.ShiftRight(later, first, 4);
                    code.And(first, first, Nibble);
                    code.And(later, later, Nibble);
                }
            }
        }
    }

    private static void MultiplyRow<TFormat>(VectorAssembler code)
        where TFormat : struct, IPanelFormat
    {
        // The sums begin with what centres the codes: less 8 or 128 times Σ activations.
        if (typeof(TFormat) == typeof(Q41Format))
        {
            code.Move(Sums, Zero);
        }
        else if (typeof(TFormat) == typeof(Q80Format))
        {
            code.SubtractBroadcast(Sums, Zero, new Operand(RowRecord, ActivationRows.SumAt));
            code.ShiftLeft(Sums, Sums, 4);
        }
        else
        {
            code.SubtractBroadcast(Sums, Zero, new Operand(RowRecord, ActivationRows.SumAt));
        }

        code.Move(OtherSums, Sums);
        for (var group = 0; group < 8; group++)
        {
            code.Broadcast(Activations, new Operand(RowRecord, 4 * group));
            code.Dot(Sums, group, Activations);
            code.Dot(OtherSums, OtherCodes + group, Activations);
        }

        for (var half = 0; half < 2; half++)
        {
            var (sums, at) = (Sums + half, new Operand(RowResults, half * VectorBytes));
            code.ToFloats(sums, sums);
            code.MultiplyBroadcast(sums, sums, new Operand(RowRecord, ActivationRows.ScaleAt));
            if (typeof(TFormat) == typeof(Q41Format))
            {
                code.Load(Total, at);
                code.AddProductBroadcast(Total, Minimum + half, new Operand(RowRecord, ActivationRows.ScaledSumAt));
                code.MultiplyThenAdd(sums, Scale + half, Total);
            }
            else
            {
                code.MultiplyThenAdd(sums, Scale + half, at);
            }

            code.Store(at, sums);
        }
    }

    private delegate nint FieldAddress(PanelTile* tile);

    // Where a field of the tile is, whose address is the kernel's only argument.
    private static Operand Field(FieldAddress field)
    {
        PanelTile tile;
        return new Operand(General.Rdi, (int)(field(&tile) - (nint)(&tile)));
    }
}
