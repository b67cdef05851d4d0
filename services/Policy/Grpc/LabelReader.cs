using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>Turns a request to score labels into one path of tokens, field by field checked.</summary>
internal static class LabelReader
{
    private const int MostSegments = 256;
    private const int LeastLabels = 2;
    private const int MostLabels = 16;

    /// <summary>Reads the request: each text is tokenised by itself, so that its tokens do not depend on what is beside it.</summary>
    /// <returns>All tokens, the position of each segment's last token, and the labels' tokens.</returns>
    /// <exception cref="global::Grpc.Core.RpcException">InvalidArgument.</exception>
    public static (int[] Tokens, int[] Positions, int[] Labels) Read(V1.ScoreLabelsRequest request, LoadedModel loaded)
    {
        var limit = loaded.Engine.Description.ContextLength;
        InvalidArgument.ThrowUnless(request.Segments.Count is >= 1 and <= MostSegments, "segments", $"{request.Segments.Count} segments",
            $"1 to {MostSegments}");
        var labels = ReadLabels(request, loaded);
        var tokens = new List<int>(PromptReader.Read(request.Prompt, "prompt", loaded, limit - 1));
        var positions = new int[request.Segments.Count];
        for (var i = 0; i < positions.Length; i++)
        {
            var field = $"segments[{i}]";
            InvalidArgument.ThrowUnless(tokens.Count < limit, $"{field}.text", $"after {tokens.Count} tokens", $"at most {limit} tokens together");
            tokens.AddRange(PromptReader.Read(request.Segments[i].Text, $"{field}.text", loaded, limit - tokens.Count));
            positions[i] = tokens.Count - 1;
            tokens.AddRange(PromptReader.Read(
                request.Segments[i].Separator, $"{field}.separator", loaded, limit - tokens.Count, optional: true));
        }

        return ([.. tokens], positions, labels);
    }

    private static int[] ReadLabels(V1.ScoreLabelsRequest request, LoadedModel loaded)
    {
        InvalidArgument.ThrowUnless(request.Labels.Count is >= LeastLabels and <= MostLabels, "labels", $"{request.Labels.Count} labels",
            $"{LeastLabels} to {MostLabels}");
        var labels = new int[request.Labels.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            var (label, field) = (request.Labels[i], $"labels[{i}]");
            PromptReader.RequireWellFormed(label, field);
            InvalidArgument.ThrowUnless(label.Length <= loaded.LongestToken, field, $"{label.Length} characters", "a text of exactly one token");
            var ids = loaded.Model.Tokenizer.Encode(label, parseSpecial: false);
            InvalidArgument.ThrowUnless(ids.Length == 1, field, label, $"a text of exactly one token, not {ids.Length}");
            labels[i] = ids[0];
        }

        return labels;
    }
}
