namespace O1Coder.Inference.Cpu;

/// <summary>
/// What kernels need of an instruction set, on vectors of as many outputs as it has lanes of 32 bits. A type with static members
/// only, so that a kernel is compiled for each.
/// </summary>
/// <typeparam name="TInts">Integers of one vector: four codes a lane, 32-bit numbers, or sums that only this type can read.</typeparam>
/// <typeparam name="TFloats">Floats of one vector.</typeparam>
internal unsafe interface ILanes<TInts, TFloats>
    where TInts : struct
    where TFloats : struct
{
    /// <summary>Lanes: 4, 8 or 16.</summary>
    static abstract int Width { get; }

    /// <summary>How many rows of two vectors of outputs each the registers hold at once, with two sums for every one: 1 to 6.</summary>
    static abstract int LargestTile { get; }

    /// <summary>Whether <see cref="Dot"/> takes codes up to 255, not only to 15.</summary>
    static abstract bool WholeBytes { get; }

    /// <summary>Loads codes or 32-bit numbers.</summary>
    static abstract TInts Load(byte* from);

    /// <summary>Four activations in every lane.</summary>
    static abstract TInts Spread(byte* activations);

    /// <summary>The low four bits of every byte.</summary>
    static abstract TInts LowNibbles(TInts codes);

    /// <summary>The high four bits of every byte.</summary>
    static abstract TInts HighNibbles(TInts codes);

    /// <summary>
    /// Adds to every lane's sum the products of its four codes, 0 … 15 (or …255), with four activations, −127 … 127. Sums begin
    /// as zero and take up to eight such products.
    /// </summary>
    static abstract TInts Dot(TInts sums, TInts codes, TInts activations);

    /// <summary>Turns sums into 32-bit numbers.</summary>
    static abstract TInts Reduce(TInts sums);

    /// <summary>Every lane less a number.</summary>
    static abstract TInts Subtract(TInts numbers, int number);

    /// <summary>16 · high + low.</summary>
    static abstract TInts Combine(TInts high, TInts low);

    /// <summary>32-bit numbers to floats.</summary>
    static abstract TFloats ToFloats(TInts numbers);

    /// <summary>The lowest four bits of every lane, less 8, as floats.</summary>
    static abstract TFloats CentredNibble(TInts codes);

    /// <summary>The lowest four bits of every lane but the lowest four, less 8, as floats.</summary>
    static abstract TFloats CentredHighNibble(TInts codes);

    /// <summary>The lowest byte of every lane, less 128, as floats.</summary>
    static abstract TFloats CentredByte(TInts codes);

    /// <summary>Loads floats.</summary>
    static abstract TFloats LoadFloats(byte* from);

    /// <summary>Loads half-precision numbers, which must be finite.</summary>
    static abstract TFloats LoadHalves(byte* from);

    /// <summary>Loads the upper halves of floats.</summary>
    static abstract TFloats LoadUpperHalves(byte* from);

    /// <summary>One number in every lane.</summary>
    static abstract TFloats Fill(float value);

    /// <summary>One number from memory in every lane.</summary>
    static abstract TFloats Spread(float* value);

    /// <summary>a + b.</summary>
    static abstract TFloats Add(TFloats a, TFloats b);

    /// <summary>a · b.</summary>
    static abstract TFloats Multiply(TFloats a, TFloats b);

    /// <summary>a · b + c.</summary>
    static abstract TFloats MultiplyAdd(TFloats a, TFloats b, TFloats c);

    /// <summary>Stores floats.</summary>
    static abstract void Store(TFloats values, float* to);
}
