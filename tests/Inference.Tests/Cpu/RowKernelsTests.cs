using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>Each kernel against the same in doubles, with counts that no vector divides.</summary>
public sealed unsafe class RowKernelsTests
{
    public static TheoryData<string> Paths => [.. KernelPaths.Runnable.Select(path => $"{path}")];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Exp_has_a_relative_error_of_at_most_a_millionth(string path)
    {
        float[] x = [.. Enumerable.Range(0, 35_001).Select(i => -87 + (i * 0.005f)), 0, -0f, 1e-30f, -1e-30f];
        var y = new float[x.Length];
        fixed (float* from = x, to = y)
        {
            For(path).Exp(from, x.Length, 0, 1, to);
        }

        var worst = x.Zip(y, (a, b) => Math.Abs(b - Math.Exp(a)) / Math.Exp(a)).Max();
        TestContext.Current.SendDiagnosticMessage($"{path}: largest relative error {worst:e1}");
        Assert.InRange(worst, 0, 1e-6);
        Assert.Equal([1, 1, 1, 1], y[^4..]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Exp_ends_at_0_and_at_a_large_number_and_keeps_what_is_no_number(string path)
    {
        float[] x = [-87.5f, -1e30f, float.NegativeInfinity, 200, float.PositiveInfinity, float.NaN];
        var y = new float[x.Length];
        fixed (float* from = x, to = y)
        {
            For(path).Exp(from, x.Length, 0, 1, to);
        }

        Assert.Equal([0, 0, 0], y[..3]);
        Assert.All(y[3..5], value => Assert.InRange(value, 1e38f, float.MaxValue));
        Assert.Equal(float.NaN, y[5]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Shifted_and_scaled_exponentials_and_their_sum_and_the_largest_agree_with_doubles(string path)
    {
        foreach (var count in new[] { 1, 5, 16, 31, 32, 100, 2048 })
        {
            var (x, y) = (Numbers(count, 9), new float[count]);
            fixed (float* from = x, to = y)
            {
                var sum = For(path).Exp(from, count, 1.5f, 3, to);
                Assert.Equal(1, sum / y.Sum(value => (double)value), 1e-5);
                Assert.Equal(x.Max(), For(path).Largest(from, count));
            }

            Assert.All(x.Zip(y), pair => Assert.Equal(1, pair.Second / Math.Exp((pair.First - 1.5) * 3), 1e-5));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_others_agree_with_doubles(string path)
    {
        var kernels = For(path);
        foreach (var count in new[] { 1, 7, 16, 31, 64, 100, 259 })
        {
            var (x, y, sum, normed, gated) = (Numbers(count, 1), Numbers(count, 2), Numbers(count, 2), new float[count], new float[count]);
            fixed (float* px = x, py = y, ps = sum, pn = normed, pg = gated)
            {
                kernels.Add(px, count, ps);
                kernels.Normalize(px, py, 1e-5f, count, pn);
                kernels.Gate(px, py, count, pg);
            }

            var factor = 1 / Math.Sqrt(x.Average(value => (double)value * value) + 1e-5);
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(x[i] + y[i], sum[i]);
                Assert.Equal(x[i] * factor * y[i], normed[i], 1e-5);
                Assert.Equal(x[i] / (1 + Math.Exp(-x[i])) * y[i], gated[i], 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Heads_turn_by_their_angles(string path)
    {
        foreach (var half in new[] { 4, 12, 16, 32, 45 })
        {
            var (head, angles) = (Numbers(2 * half, 3), Numbers(half, 4));
            var (cosines, sines) = (angles.Select(MathF.Cos).ToArray(), angles.Select(MathF.Sin).ToArray());
            var turned = head.ToArray();
            fixed (float* h = turned, c = cosines, s = sines)
            {
                For(path).Rotate(h, c, s, half, 0.5f);
            }

            for (var i = 0; i < half; i++)
            {
                Assert.Equal(0.5 * ((head[i] * Math.Cos(angles[i])) - (head[half + i] * Math.Sin(angles[i]))), turned[i], 1e-5);
                Assert.Equal(0.5 * ((head[half + i] * Math.Cos(angles[i])) + (head[i] * Math.Sin(angles[i]))), turned[half + i], 1e-5);
            }
        }
    }

    private static RowKernels For(string path) => RowKernels.For(Enum.Parse<KernelPath>(path));

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (4 * random.NextSingle()) - 2)];
    }
}
