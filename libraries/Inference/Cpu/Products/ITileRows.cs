namespace O1Coder.Inference.Cpu;

/// <summary>How many rows a tile has, as a type, so that code is compiled for each.</summary>
internal interface ITileRows
{
    /// <summary>1 to 6.</summary>
    static abstract int Count { get; }

    /// <summary>One row.</summary>
    internal readonly struct One : ITileRows
    {
        /// <inheritdoc/>
        public static int Count => 1;
    }

    /// <summary>Two rows.</summary>
    internal readonly struct Two : ITileRows
    {
        /// <inheritdoc/>
        public static int Count => 2;
    }

    /// <summary>Three rows.</summary>
    internal readonly struct Three : ITileRows
    {
        /// <inheritdoc/>
        public static int Count => 3;
    }

    /// <summary>Four rows.</summary>
    internal readonly struct Four : ITileRows
    {
        /// <inheritdoc/>
        public static int Count => 4;
    }

    /// <summary>Five rows.</summary>
    internal readonly struct Five : ITileRows
    {
        /// <inheritdoc/>
        public static int Count => 5;
    }

    /// <summary>Six rows.</summary>
    internal readonly struct Six : ITileRows
    {
        /// <inheritdoc/>
        public static int Count => 6;
    }
}
