using O1Coder.Inference.Sampling;

namespace O1Coder.Inference.Tests;

public sealed class RandomStreamTests
{
    // From an independent implementation (Python integers) of SplitMix64 and xoshiro256++.
    [Theory]
    [InlineData(0UL, 0, new ulong[] { 0x84F09BF307C1073A, 0xC82FFB597CEEE51B, 0xADF96905C5DF4417 })]
    [InlineData(0UL, 1, new ulong[] { 0x4887886C7244E091, 0x4CFAFB3B6CC3EA99, 0xFBCE21167403A2C1 })]
    [InlineData(1UL, 0, new ulong[] { 0x704560CED7CC0501, 0x4EEF90036C89C53A, 0xDCE05AF2BA1364D7 })]
    [InlineData(18446744073709551615UL, 63, new ulong[] { 0xA70DBE594E08BCE6, 0x1568789C1F9F9B13, 0xB7E88058453F51D8 })]
    public void Gives_the_recorded_numbers(ulong seed, int sequence, ulong[] expected)
    {
        var random = new RandomStream(seed, sequence);
        Assert.Equal(expected, expected.Select(_ => random.NextBits()));
    }

    [Fact]
    public void Streams_of_neighbouring_seeds_and_sequences_differ()
    {
        var firsts = new HashSet<ulong>();
        for (var seed = 0UL; seed < 100; seed++)
        {
            for (var sequence = 0; sequence < 64; sequence++)
            {
                Assert.True(firsts.Add(new RandomStream(seed, sequence).NextBits()));
            }
        }
    }

    [Fact]
    public void Numbers_are_uniform_in_0_to_1()
    {
        var random = new RandomStream(7, 0);
        var counts = new int[20];
        const int Draws = 200_000;
        for (var i = 0; i < Draws; i++)
        {
            var number = random.NextDouble();
            Assert.InRange(number, 0, Math.BitDecrement(1.0));
            counts[(int)(number * counts.Length)]++;
        }

        // χ² with 19 degrees of freedom: above 43.8 once in a thousand; the seed is fixed.
        var expected = Draws / (double)counts.Length;
        Assert.InRange(counts.Sum(count => (count - expected) * (count - expected) / expected), 0, 43.8);
    }
}
