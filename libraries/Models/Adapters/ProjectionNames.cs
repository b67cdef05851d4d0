namespace O1Coder.Models;

/// <summary>What Hugging Face and PEFT call the projections.</summary>
public static class ProjectionNames
{
    private static readonly string[] s_names = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    /// <summary>All names, in the order of <see cref="Projection"/>.</summary>
    public static IReadOnlyList<string> All => s_names;

    /// <summary>The module's name, for example <c>q_proj</c>.</summary>
    public static string ModuleName(this Projection projection) => s_names[(int)projection];

    /// <summary>The module's place in a block, for example <c>self_attn.q_proj</c>.</summary>
    public static string ModulePath(this Projection projection) =>
        (projection <= Projection.Output ? "self_attn." : "mlp.") + s_names[(int)projection];

    /// <summary>Finds a projection by its module's name, with or without what stands before it.</summary>
    /// <returns>The projection, or null if there is none of that name.</returns>
    public static Projection? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var projection in Enum.GetValues<Projection>())
        {
            if (name == projection.ModuleName() || name == projection.ModulePath())
            {
                return projection;
            }
        }

        return null;
    }
}
