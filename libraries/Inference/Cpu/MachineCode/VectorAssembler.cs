using System.Buffers.Binary;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// Writes the few x86-64 instructions that a product's kernel consists of, vectors always 512 bits wide. Encodings: Intel 64 and
/// IA-32 Architectures Software Developer's Manual, volume 2, sections 2.7 (EVEX) and the instructions' own pages.
/// </summary>
internal sealed class VectorAssembler
{
    private const int Vector = 64;
    private const int Half = 32;
    private const int Number = 4;

    private readonly List<byte> _code = [];

    // Opcode maps of EVEX, and its implied prefixes.
    private enum Map
    {
        Of0F = 1,
        Of0F38 = 2,
    }

    private enum Prefix
    {
        None = 0,
        Of66 = 1,
    }

    /// <summary>Where the next instruction will be.</summary>
    public int Position => _code.Count;

    /// <summary>The code so far.</summary>
    public byte[] ToArray() => [.. _code];

    /// <summary>to = the 64 bytes there.</summary>
    public void Load(int to, Operand from) => Memory(Map.Of0F, Prefix.None, 0x10, to, 0, from, Vector, broadcast: false);

    /// <summary>The 64 bytes there = from.</summary>
    public void Store(Operand to, int from) => Memory(Map.Of0F, Prefix.None, 0x11, from, 0, to, Vector, broadcast: false);

    /// <summary>All numbers of a register = the number there (vpbroadcastd).</summary>
    public void Broadcast(int to, Operand from) => Memory(Map.Of0F38, Prefix.Of66, 0x58, to, 0, from, Number, broadcast: false);

    /// <summary>All numbers of a register = a general register's lower half (vpbroadcastd).</summary>
    public void Broadcast(int to, General from) => Registers(Map.Of0F38, Prefix.Of66, 0x7C, to, 0, (int)from);

    /// <summary>Sixteen half-precision numbers there as floats (vcvtph2ps).</summary>
    public void LoadHalves(int to, Operand from) => Memory(Map.Of0F38, Prefix.Of66, 0x13, to, 0, from, Half, broadcast: false);

    /// <summary>to = a and b (vpandd).</summary>
    public void And(int to, int a, int b) => Registers(Map.Of0F, Prefix.Of66, 0xDB, to, a, b);

    /// <summary>to = 0 (vpxord).</summary>
    public void Clear(int to) => Registers(Map.Of0F, Prefix.Of66, 0xEF, to, to, to);

    /// <summary>to = from (vmovaps).</summary>
    public void Move(int to, int from) => Registers(Map.Of0F, Prefix.None, 0x28, to, 0, from);

    /// <summary>to = from, 32-bit numbers shifted right (vpsrld).</summary>
    public void ShiftRight(int to, int from, byte bits)
    {
        Registers(Map.Of0F, Prefix.Of66, 0x72, 2, to, from);
        _code.Add(bits);
    }

    /// <summary>to = from, 32-bit numbers shifted left (vpslld).</summary>
    public void ShiftLeft(int to, int from, byte bits)
    {
        Registers(Map.Of0F, Prefix.Of66, 0x72, 6, to, from);
        _code.Add(bits);
    }

    /// <summary>to = a − the number there, 32-bit integers (vpsubd).</summary>
    public void SubtractBroadcast(int to, int a, Operand b) => Memory(Map.Of0F, Prefix.Of66, 0xFA, to, a, b, Number, broadcast: true);

    /// <summary>
    /// sums += per 32-bit number the four products of unsigned and signed bytes (vpdpbusd). A sum of 32 bits does not overflow, nor
    /// is anything saturated on the way.
    /// </summary>
    public void Dot(int sums, int unsignedBytes, int signedBytes) =>
        Registers(Map.Of0F38, Prefix.Of66, 0x50, sums, unsignedBytes, signedBytes);

    /// <summary>to = from, integers to floats (vcvtdq2ps).</summary>
    public void ToFloats(int to, int from) => Registers(Map.Of0F, Prefix.None, 0x5B, to, 0, from);

    /// <summary>to = a · the number there (vmulps).</summary>
    public void MultiplyBroadcast(int to, int a, Operand b) => Memory(Map.Of0F, Prefix.None, 0x59, to, a, b, Number, broadcast: true);

    /// <summary>to = to · a + the vector there, rounded once (vfmadd213ps).</summary>
    public void MultiplyThenAdd(int to, int a, Operand b) => Memory(Map.Of0F38, Prefix.Of66, 0xA8, to, a, b, Vector, broadcast: false);

    /// <summary>to = to · a + b, rounded once (vfmadd213ps).</summary>
    public void MultiplyThenAdd(int to, int a, int b) => Registers(Map.Of0F38, Prefix.Of66, 0xA8, to, a, b);

    /// <summary>to += a · the number there, rounded once (vfmadd231ps).</summary>
    public void AddProductBroadcast(int to, int a, Operand b) => Memory(Map.Of0F38, Prefix.Of66, 0xB8, to, a, b, Number, broadcast: true);

    /// <summary>Makes the upper parts of vectors clean for code that knows none (vzeroupper).</summary>
    public void ClearUpper() => _code.AddRange([0xC5, 0xF8, 0x77]);

    /// <summary>to = the 64 bits there.</summary>
    public void Load64(General to, Operand from) => General(wide: true, 0x8B, (int)to, from);

    /// <summary>to = the 32 bits there; its upper half is 0.</summary>
    public void Load32(General to, Operand from) => General(wide: false, 0x8B, (int)to, from);

    /// <summary>to = a 32-bit number.</summary>
    public void Set(General to, int value)
    {
        Rex(wide: false, 0, (int)to);
        _code.Add((byte)(0xB8 | ((int)to & 7)));
        Add32(value);
    }

    /// <summary>to = from.</summary>
    public void Move(General to, General from) => General(wide: true, 0x89, (int)from, (int)to);

    /// <summary>to += from.</summary>
    public void Add(General to, General from) => General(wide: true, 0x01, (int)from, (int)to);

    /// <summary>to += a number.</summary>
    public void Add(General to, int value)
    {
        General(wide: true, 0x81, 0, (int)to);
        Add32(value);
    }

    /// <summary>Takes 1 away from the lower half of a register, and goes on somewhere unless that makes it 0.</summary>
    public void Repeat(General counter, int position)
    {
        General(wide: false, 0xFF, 1, (int)counter);
        _code.AddRange([0x0F, 0x85]);
        Add32(position - (Position + sizeof(int)));
    }

    /// <summary>Asks for the 64 bytes there (prefetcht0).</summary>
    public void Ahead(Operand at)
    {
        Rex(wide: false, 0, (int)at.Base);
        _code.AddRange([0x0F, 0x18]);
        Address(1, at, 1);
    }

    /// <summary>Returns to the caller.</summary>
    public void Return() => _code.Add(0xC3);

    private void Memory(Map map, Prefix prefix, byte opcode, int register, int second, Operand at, int size, bool broadcast)
    {
        Evex(map, prefix, register, second, ((int)at.Base >> 3) & 1, 0, broadcast);
        _code.Add(opcode);
        Address(register, at, size);
    }

    private void Registers(Map map, Prefix prefix, byte opcode, int register, int second, int third)
    {
        Evex(map, prefix, register, second, (third >> 3) & 1, third >> 4, broadcast: false);
        _code.Add(opcode);
        _code.Add((byte)(0xC0 | ((register & 7) << 3) | (third & 7)));
    }

    // Register numbers are kept inverted; 512 bits, no mask.
    private void Evex(Map map, Prefix prefix, int register, int second, int b, int x, bool broadcast)
    {
        _code.Add(0x62);
        _code.Add((byte)((Not(register >> 3) << 7) | (Not(x) << 6) | (Not(b) << 5) | (Not(register >> 4) << 4) | (int)map));
        _code.Add((byte)(((~second & 15) << 3) | 4 | (int)prefix));
        _code.Add((byte)(0x40 | (broadcast ? 0x10 : 0) | (Not(second >> 4) << 3)));

        static int Not(int bit) => ~bit & 1;
    }

    private void General(bool wide, byte opcode, int register, Operand at)
    {
        Rex(wide, register, (int)at.Base);
        _code.Add(opcode);
        Address(register, at, 1);
    }

    private void General(bool wide, byte opcode, int register, int other)
    {
        Rex(wide, register, other);
        _code.Add(opcode);
        _code.Add((byte)(0xC0 | ((register & 7) << 3) | (other & 7)));
    }

    private void Rex(bool wide, int register, int other) =>
        _code.Add((byte)(0x40 | (wide ? 8 : 0) | (((register >> 3) & 1) << 2) | ((other >> 3) & 1)));

    // A distance that is a small multiple of what is read takes one byte, and code as short as that is fetched faster.
    private void Address(int register, Operand at, int size)
    {
        if (((int)at.Base & 7) == 4)
        {
            throw new ArgumentException($"{at.Base} needs another form of address: expected a register other than Rsp and R12", nameof(at));
        }

        var isShort = at.Offset % size == 0 && at.Offset / size is >= sbyte.MinValue and <= sbyte.MaxValue;
        _code.Add((byte)((isShort ? 0x40 : 0x80) | ((register & 7) << 3) | ((int)at.Base & 7)));
        if (isShort)
        {
            _code.Add((byte)(sbyte)(at.Offset / size));
        }
        else
        {
            Add32(at.Offset);
        }
    }

    private void Add32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }
}
