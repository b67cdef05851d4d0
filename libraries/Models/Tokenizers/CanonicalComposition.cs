using System.Globalization;
using System.Text;

namespace O1Coder.Models;

/// <summary>
/// Unicode's normalisation form C (Unicode Standard Annex 15), which some tokenizers ask for. .NET's own does nothing in programs
/// without globalisation, as all of this solution are. The table is the Unicode Character Database's, version 14.
/// </summary>
internal static class CanonicalComposition
{
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TrailBefore = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    /// <summary>Characters below this are no part of any other character and stand where they stand.</summary>
    private const char FirstMark = '\u0300';

    private static readonly Lazy<Table> s_table = new(Table.Read);

    /// <summary>The composed form of a text.</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstMark - 1)))
        {
            return text;
        }

        var table = s_table.Value;
        var characters = new List<(int Value, byte Class)>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, characters, table);
        }

        Order(characters);
        var composed = new StringBuilder(text.Length);
        foreach (var value in Combine(characters, table))
        {
            composed.Append(new Rune(value));
        }

        return composed.ToString();
    }

    private static void Decompose(int value, List<(int Value, byte Class)> characters, Table table)
    {
        if (value is >= HangulFirst and < HangulFirst + (Leads * Vowels * Trails))
        {
            var syllable = value - HangulFirst;
            characters.Add((LeadFirst + (syllable / (Vowels * Trails)), 0));
            characters.Add((VowelFirst + (syllable / Trails % Vowels), 0));
            if (syllable % Trails > 0)
            {
                characters.Add((TrailBefore + (syllable % Trails), 0));
            }
        }
        else if (table.Parts.TryGetValue(value, out var parts))
        {
            Decompose(parts.First, characters, table);
            if (parts.Second > 0)
            {
                Decompose(parts.Second, characters, table);
            }
        }
        else
        {
            characters.Add((value, table.Classes.GetValueOrDefault(value)));
        }
    }

    /// <summary>Marks that follow each other stand in the order of their classes.</summary>
    private static void Order(List<(int Value, byte Class)> characters)
    {
        for (var start = 0; start < characters.Count; start++)
        {
            var end = start;
            while (end < characters.Count && characters[end].Class > 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                var sorted = characters[start..end].OrderBy(character => character.Class).ToList();
                for (var i = 0; i < sorted.Count; i++)
                {
                    characters[start + i] = sorted[i];
                }
            }

            start = Math.Max(start, end - 1);
        }
    }

    private static List<int> Combine(List<(int Value, byte Class)> characters, Table table)
    {
        var composed = new List<int>(characters.Count);
        var starter = -1;
        var before = 0;
        foreach (var (value, order) in characters)
        {
            // A mark is blocked from its starter by one of its own class or a higher one between, anything else by what is between.
            var free = starter >= 0 && (starter == composed.Count - 1 || (before > 0 && before < order));
            if (free && Pair(composed[starter], value, table) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            if (order == 0)
            {
                starter = composed.Count;
            }

            before = order;
            composed.Add(value);
        }

        return composed;
    }

    private static int? Pair(int first, int second, Table table)
    {
        if (first is >= LeadFirst and < LeadFirst + Leads && second is >= VowelFirst and < VowelFirst + Vowels)
        {
            return HangulFirst + ((((first - LeadFirst) * Vowels) + second - VowelFirst) * Trails);
        }

        if (first is >= HangulFirst and < HangulFirst + (Leads * Vowels * Trails) && (first - HangulFirst) % Trails == 0 &&
            second is > TrailBefore and < TrailBefore + Trails)
        {
            return first + second - TrailBefore;
        }

        return table.Wholes.TryGetValue((first, second), out var whole) ? whole : null;
    }

    /// <summary>What characters are made of and how marks are ordered.</summary>
    private sealed record Table(
        Dictionary<int, (int First, int Second)> Parts, Dictionary<(int First, int Second), int> Wholes, Dictionary<int, byte> Classes)
    {
        /// <summary>
        /// Reads lines such as <c>00C5=0041 030A</c>, <c>212B=00C5!</c> for what is taken apart and not put together again, and
        /// <c>0300-0314:230</c> for the class of a range.
        /// </summary>
        public static Table Read()
        {
            var table = new Table([], [], []);
            using var stream = typeof(Table).Assembly.GetManifestResourceStream("canonical-equivalence.txt")!;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                if (line.Split('=') is [var character, var parts])
                {
                    var codes = parts.TrimEnd('!').Split(' ');
                    var pair = (Code(codes[0]), codes.Length > 1 ? Code(codes[1]) : 0);
                    table.Parts.Add(Code(character), pair);
                    if (!parts.EndsWith('!'))
                    {
                        table.Wholes.Add(pair, Code(character));
                    }
                }
                else if (line.Split('-', ':') is [var first, var last, var order])
                {
                    for (var value = Code(first); value <= Code(last); value++)
                    {
                        table.Classes.Add(value, byte.Parse(order, CultureInfo.InvariantCulture));
                    }
                }
            }

            return table;
        }

        private static int Code(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
