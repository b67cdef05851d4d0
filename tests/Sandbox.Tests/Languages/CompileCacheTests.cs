using System.Text;
using O1Coder.Sandbox.Languages;

namespace O1Coder.Sandbox.Tests.Languages;

public sealed class CompileCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-cache-").FullName;
    private int _compiled;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_several_ask_for_at_once_is_compiled_once()
    {
        var cache = new CompileCache(_folder, 1000);
        var gate = new TaskCompletionSource();
        var asked = Enumerable.Range(0, 8).Select(_ => GetAsync(cache, "a", gate.Task)).ToList();
        gate.SetResult();
        var programs = await Task.WhenAll(asked);
        Assert.Equal(1, _compiled);
        Assert.Single(programs, program => !program.IsCached);
        Assert.All(programs, program => Assert.Equal("a", File.ReadAllText(Path.Combine(program.Folder, "deep", "program"))));
        Assert.All(programs, program => program.Dispose());
        using var again = await GetAsync(cache, "a");
        Assert.Equal((true, 1), (again.IsCached, _compiled));
    }

    [Fact]
    public async Task The_one_not_used_for_longest_goes_first_and_one_in_use_stays_on_disk()
    {
        var cache = new CompileCache(_folder, 25);
        var first = await GetAsync(cache, "first-----");
        (await GetAsync(cache, "second----")).Dispose();
        (await GetAsync(cache, "first-----")).Dispose();
        (await GetAsync(cache, "third-----")).Dispose();
        Assert.InRange(cache.Bytes, 20, 25);
        Assert.Equal(3, _compiled);
        (await GetAsync(cache, "first-----")).Dispose();
        Assert.Equal(3, _compiled);
        (await GetAsync(cache, "second----")).Dispose();
        (await GetAsync(cache, "fourth----")).Dispose();
        Assert.Equal(5, _compiled);
        Assert.True(Directory.Exists(first.Folder));
        first.Dispose();
        Assert.False(Directory.Exists(first.Folder));
        Assert.Equal(2, Directory.GetDirectories(_folder).Length);
    }

    [Fact]
    public async Task A_program_larger_than_the_cache_is_there_as_long_as_it_is_used()
    {
        var cache = new CompileCache(_folder, 0);
        var program = await GetAsync(cache, "a");
        Assert.True(Directory.Exists(program.Folder));
        program.Dispose();
        Assert.Empty(Directory.GetDirectories(_folder));
        Assert.Equal(0, cache.Bytes);
    }

    [Theory]
    [InlineData("b")]
    [InlineData(null)]
    public async Task Other_bytes_than_were_written_are_compiled_again(string? content)
    {
        var cache = new CompileCache(_folder, 1000);
        var program = await GetAsync(cache, "a");
        program.Dispose();
        var path = Path.Combine(program.Folder, "deep", "program");
        if (content is null)
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        }

        using var again = await GetAsync(cache, "a");
        Assert.Equal((false, 2), (again.IsCached, _compiled));
        Assert.Equal("a", await File.ReadAllTextAsync(Path.Combine(again.Folder, "deep", "program"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_compilation_that_nobody_waits_for_is_cancelled_and_one_that_somebody_waits_for_is_not()
    {
        var cache = new CompileCache(_folder, 1000);
        var cancelled = new TaskCompletionSource();
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        var first = cache.GetAsync("a", Compile, one.Token);
        var second = cache.GetAsync("a", Compile, two.Token);
        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(cancelled.Task.IsCompleted);
        await two.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        using var program = await GetAsync(cache, "a");
        Assert.False(program.IsCached);

        async Task<CompileOutcome> Compile(CancellationToken token)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled.TrySetResult();
            }

            return new CompileOutcome(null, "", []);
        }
    }

    [Fact]
    public async Task What_depends_on_the_machines_load_is_not_kept_and_a_failure_of_the_program_is()
    {
        var cache = new CompileCache(_folder, 1000);
        foreach (var (outcome, expected) in new[] { (new CompileOutcome("limit", "", []) { IsFinal = false }, 2), (new CompileOutcome("does not compile", "log", []), 1) })
        {
            var asked = 0;
            for (var count = 0; count < 2; count++)
            {
                using var program = await cache.GetAsync(outcome.Error!, _ => Task.FromResult(outcome with { Error = $"{++asked}" }), TestContext.Current.CancellationToken);
                Assert.Equal(expected == 1 ? "1" : $"{count + 1}", program.Outcome.Error);
            }

            Assert.Equal(expected, asked);
        }
    }

    [Fact]
    public async Task An_error_reaches_all_who_wait_and_is_not_kept()
    {
        var cache = new CompileCache(_folder, 1000);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.GetAsync("a", _ => throw new InvalidOperationException("lost"), TestContext.Current.CancellationToken));
        using var program = await GetAsync(cache, "a");
        Assert.False(program.IsCached);
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/..")]
    public void A_name_that_leads_out_of_the_folder_is_refused(string name) =>
        Assert.Throws<InvalidDataException>(() => CacheEntry.Write(new CompileOutcome(null, "", [new OutputFile(name, false, [1])]), Path.Combine(_folder, "1")));

    private Task<CompiledProgram> GetAsync(CompileCache cache, string key, Task? gate = null) => cache.GetAsync(key, async _ =>
    {
        await (gate ?? Task.CompletedTask);
        Interlocked.Increment(ref _compiled);
        return new CompileOutcome(null, "", [new OutputFile("deep/program", true, Encoding.UTF8.GetBytes(key))]);
    }, TestContext.Current.CancellationToken);
}
