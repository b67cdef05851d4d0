using Google.Protobuf.Collections;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>Reads the positions whose hidden states are wanted.</summary>
internal static class PositionReader
{
    private const int MostPositions = 256;

    // What an answer holds beside the states: the prompt's tokens, names, lengths.
    private const int Reserve = 1 << 20;

    /// <summary>Reads them.</summary>
    /// <param name="positions">The request's.</param>
    /// <param name="tokens">How many tokens the prompt has.</param>
    /// <param name="hidden">Dimensions of one state.</param>
    /// <returns>Indices of the prompt's tokens, ascending, at least one; their states fit into one message.</returns>
    /// <exception cref="global::Grpc.Core.RpcException">InvalidArgument.</exception>
    public static int[] Read(RepeatedField<int> positions, int tokens, int hidden)
    {
        var most = Math.Clamp((ServiceDefaultsExtensions.MaxMessageBytes - Reserve) / (sizeof(float) * hidden), 1, MostPositions);
        InvalidArgument.ThrowUnless(positions.Count >= 1 && positions.Count <= most, "positions", $"{positions.Count} positions", $"1 to {most}");
        for (var i = 0; i < positions.Count; i++)
        {
            var least = i == 0 ? 0 : positions[i - 1] + 1;
            InvalidArgument.ThrowUnless(positions[i] >= least && positions[i] < tokens, $"positions[{i}]", positions[i],
                i > 0 && least >= tokens
                    ? $"ascending positions of a prompt of {tokens} tokens"
                    : $"{least} to {tokens - 1}, as the prompt has {tokens} tokens and positions ascend");
        }

        return [.. positions];
    }
}
