using System.Text.RegularExpressions;

namespace O1Coder.Hosting.Dashboard.Telemetry.GenAi;

/// <summary>
/// Takes a prompt apart that was sent as the model saw it: with the markers that a chat template puts around each message. Those of
/// ChatML (Qwen and others) and of Llama 3 are known; the last message may be begun only, where the model was to go on with it.
/// </summary>
internal static partial class ChatMarkers
{
    /// <summary>The messages by role; null where the text does not begin as such a prompt does.</summary>
    public static IReadOnlyList<(string Role, string Text)>? Split(string text)
    {
        var heads = Head().Matches(text);
        if (heads.Count == 0 || !Beginning().IsMatch(text.AsSpan(0, heads[0].Index)))
        {
            return null;
        }

        var messages = new List<(string, string)>();
        for (var index = 0; index < heads.Count; index++)
        {
            var from = heads[index].Index + heads[index].Length;
            var to = index + 1 < heads.Count ? heads[index + 1].Index : text.Length;
            var told = text[from..to];

            // What stands behind a message's end is the template's, not the message's.
            var end = End().Match(told);
            var content = end.Success ? told[..end.Index] : told;

            // "assistant" with nothing behind it only says whose turn it is.
            if (end.Success || index + 1 < heads.Count || content.Trim().Length > 0)
            {
                messages.Add((heads[index].Groups["role"].Value, content));
            }
        }

        return messages;
    }

    // The role of a ChatML message ends with its line; Llama 3 has a marker for that, and an empty line.
    [GeneratedRegex(@"<\|im_start\|>(?<role>\w+)(?:\n|$)|<\|start_header_id\|>(?<role>\w+)<\|end_header_id\|>\n{0,2}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Head();

    [GeneratedRegex(@"<\|(?:im_end|eot_id|eom_id)\|>", RegexOptions.CultureInvariant)]
    private static partial Regex End();

    // Nothing, or the marker of a text's beginning.
    [GeneratedRegex(@"^\s*(?:<\|begin_of_text\|>|<s>|<\|endoftext\|>)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();
}
