namespace O1Coder.Models;

/// <summary>The projections of a transformer's block that an adapter may change.</summary>
public enum Projection
{
    /// <summary>To the queries, <c>self_attn.q_proj</c>.</summary>
    Query,

    /// <summary>To the keys, <c>self_attn.k_proj</c>.</summary>
    Key,

    /// <summary>To the values, <c>self_attn.v_proj</c>.</summary>
    Value,

    /// <summary>From the attention's heads back, <c>self_attn.o_proj</c>.</summary>
    Output,

    /// <summary>The feed-forward part's gate, <c>mlp.gate_proj</c>.</summary>
    Gate,

    /// <summary>The feed-forward part's way up, <c>mlp.up_proj</c>.</summary>
    Up,

    /// <summary>The feed-forward part's way back, <c>mlp.down_proj</c>.</summary>
    Down,
}
