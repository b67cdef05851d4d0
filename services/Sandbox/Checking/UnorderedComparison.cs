using System.Text;

namespace O1Coder.Sandbox.Checking;

/// <summary>Compares outputs by lines in any order, each by its tokens; lines without a token do not count.</summary>
internal static class UnorderedComparison
{
    /// <summary>Whether both hold the same lines, each as often.</summary>
    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        // .NET's hash of texts has a seed for each process: a program cannot make its lines collide.
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        while (NextLine(ref left) is { } line)
        {
            counts[line] = counts.GetValueOrDefault(line) + 1;
        }

        var total = counts.Values.Sum();
        while (NextLine(ref right) is { } line)
        {
            if (!counts.TryGetValue(line, out var count) || count == 0)
            {
                return false;
            }

            counts[line] = count - 1;
            total--;
        }

        return total == 0;
    }

    private static string? NextLine(ref ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var text = new StringBuilder();
            for (var token = Tokens.Next(ref line); !token.IsEmpty; token = Tokens.Next(ref line))
            {
                text.Append(text.Length > 0 ? " " : "").Append(Encoding.Latin1.GetString(token));
            }

            if (text.Length > 0)
            {
                return text.ToString();
            }
        }

        return null;
    }
}
