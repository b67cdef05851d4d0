using O1Coder.Inference.Sampling.Constraints;

namespace O1Coder.Inference.Tests;

public sealed class TokenMasksTests
{
    private static readonly VocabularyTrie s_trie = new(new ByteTokenizer(), [ByteTokenizer.EndOfTurn], ByteTokenizer.Vocabulary);

    [Theory]
    [InlineData("(ab|abc)?(true|1[0-9]+)[é漢]*", false)]
    [InlineData(".{0,5}", false)]
    [InlineData("a字a|aé", false)]
    [InlineData("()", false)]
    [InlineData(GrammarConstraintTests.Json, true)]
    public void Tokens_are_allowed_if_the_text_with_them_may_still_match(string text, bool grammar)
    {
        var constraint = grammar ? Constraint.FromGrammar(text) : Constraint.FromRegex(text);
        var masks = new TokenMasks(constraint.Network, s_trie);
        var random = new Random(3);
        for (var walk = 0; walk < 20; walk++)
        {
            var cursor = new ConstraintCursor(masks);
            var read = new List<byte>();
            for (var step = 0; step < 8; step++)
            {
                var bits = cursor.Allowed().ToArray();
                var allowed = Enumerable.Range(0, ByteTokenizer.Vocabulary).Where(token => (bits[token / 64] >> (token % 64) & 1) != 0).ToArray();
                var expected = Enumerable.Range(0, ByteTokenizer.EndOfTurn)
                    .Where(token => ByteTokenizer.Bytes([token]) is { Length: > 0 } bytes && constraint.Begins([.. read, .. bytes]));
                Assert.Equal(constraint.Matches([.. read]) ? expected.Append(ByteTokenizer.EndOfTurn) : expected, allowed);
                Assert.Equal(allowed.SequenceEqual([ByteTokenizer.EndOfTurn]), cursor.IsComplete());
                var texts = allowed.Where(token => token != ByteTokenizer.EndOfTurn).ToArray();
                if (texts.Length == 0)
                {
                    break;
                }

                var chosen = ByteTokenizer.Bytes([texts[random.Next(texts.Length)]]);
                Assert.True(cursor.TryAdvance(chosen));
                read.AddRange(chosen);
            }
        }
    }

    [Fact]
    public void A_state_that_was_met_costs_no_walk()
    {
        var masks = new TokenMasks(Constraint.FromGrammar(GrammarConstraintTests.Json).Network, s_trie);
        for (var i = 0; i < 5; i++)
        {
            var cursor = new ConstraintCursor(masks);
            foreach (var value in "{\"abcdefghi\":[1,\"é\"],\"b\":2}"u8)
            {
                _ = cursor.Allowed();
                Assert.True(cursor.TryAdvance([value]));
            }
        }

        Assert.InRange(masks.Computed, 5, 27);
    }

    // More nesting than the automaton holds states at a time: it begins anew, and cursors find their place again.
    [Fact]
    public void A_full_automaton_begins_anew_and_nothing_changes()
    {
        var constraint = Constraint.FromGrammar("root ::= \"(\" root \")\" | \"[\" root \"]\" | .");
        var masks = new TokenMasks(constraint.Network, s_trie);
        var early = new ConstraintCursor(masks);
        Assert.True(early.TryAdvance("([("u8));
        var random = new Random(1);
        for (var deep = 0; deep < 40; deep++)
        {
            var cursor = new ConstraintCursor(masks);
            for (var i = 0; i < 1500; i++)
            {
                Assert.True(cursor.TryAdvance([random.Next(2) == 0 ? (byte)'(' : (byte)'[']));
            }

            _ = cursor.Allowed();
        }

        Assert.True(new ConstraintCursor(early).TryAdvance("x)])"u8));
        Assert.False(new ConstraintCursor(early).TryAdvance("x))"u8));
        Assert.True(early.TryAdvance("x)]"u8));
        Assert.Equal([(byte)')'], ByteTokenizer.Bytes([.. Tokens(early.Allowed())]));
    }

    [Fact]
    public void A_constraint_that_needs_too_many_states_fails_each_time()
    {
        var many = string.Concat(Enumerable.Range(0, 20).Select(i => $"r{i} ::= r{i + 1} \"x\" | r{i + 1} \"y\"\n"));
        var grammar = Constraint.FromGrammar($"root ::= r0\n{many}r20 ::= \"z\"");
        Assert.Throws<ConstraintException>(() => new TokenMasks(grammar.Network, s_trie));

        var masks = new TokenMasks(Constraint.FromRegex("b(?:a?){9000}|c").Network, s_trie);
        for (var i = 0; i < 3; i++)
        {
            Assert.Throws<ConstraintException>(() => new ConstraintCursor(masks).Allowed().Length);
            Assert.True(new ConstraintCursor(masks).TryAdvance("c"u8));
        }
    }

    [Fact]
    public void Masks_that_were_not_used_for_long_are_forgotten_and_come_back_the_same()
    {
        var masks = new TokenMasks(Constraint.FromRegex("[ab]{0,600}").Network, s_trie);
        for (var round = 0; round < 2; round++)
        {
            var cursor = new ConstraintCursor(masks);
            for (var length = 0; length <= 600; length++)
            {
                int[] expected = length == 600 ? [] : length == 599 ? ['a', 'b'] : ['a', 'b', 256, 274];
                Assert.Equal([.. expected, ByteTokenizer.EndOfTurn], Tokens(cursor.Allowed()));
                Assert.Equal(length < 600, cursor.TryAdvance("b"u8));
            }
        }
    }

    [Fact]
    public void Warm_masks_allocate_nothing()
    {
        var masks = new TokenMasks(Constraint.FromGrammar(GrammarConstraintTests.Json).Network, s_trie);
        var cursor = new ConstraintCursor(masks);
        Assert.True(cursor.TryAdvance("{\"a"u8));
        _ = cursor.Allowed();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = cursor.Allowed();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<int> Tokens(ReadOnlySpan<ulong> bits)
    {
        var tokens = new List<int>();
        for (var token = 0; token < ByteTokenizer.Vocabulary; token++)
        {
            if ((bits[token / 64] >> (token % 64) & 1) != 0)
            {
                tokens.Add(token);
            }
        }

        return tokens;
    }
}
