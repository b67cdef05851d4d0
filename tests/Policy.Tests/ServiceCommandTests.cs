using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.Tests;

public sealed class ServiceCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public async Task Its_own_exit_code_is_the_programs()
    {
        Assert.Equal(1, await Run(new Scripted((words, output) =>
        {
            output.Write(string.Join(',', words));
            return 1;
        }), "a", "b"));
        Assert.Equal("a,b", _output.ToString());
        Assert.Equal("", _errors.ToString());
    }

    [Theory]
    [InlineData("error: check has 0 arguments: expected 2: FOLDER MODEL")]
    [InlineData("error: check has 3 arguments: expected 2: FOLDER MODEL", "a", "b", "c")]
    public async Task Another_number_of_arguments_is_bad_input(string message, params string[] words)
    {
        Assert.Equal(2, await Run(new Scripted((_, _) => throw new InvalidOperationException("ran")), words));
        Assert.Equal(message, _errors.ToString().TrimEnd());
    }

    [Fact]
    public async Task Bad_input_gets_one_line_and_another_error_is_thrown_on()
    {
        Assert.Equal(2, await Run(new Scripted((_, _) => throw new FormatException("FOLDER is 'x':\nexpected y")), "a", "b"));
        Assert.Equal("error: FOLDER is 'x': expected y", _errors.ToString().TrimEnd());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Run(new Scripted((_, _) => throw new InvalidOperationException("a fault")), "a", "b"));
    }

    [Fact]
    public async Task What_is_stopped_ends_as_after_an_interrupt()
    {
        using var stop = new CancellationTokenSource();
        var command = new Scripted((_, _) =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        Assert.Equal(130, await command.RunAsync(["a", "b"], _output, _errors, stop.Token));
        Assert.Equal("interrupted", _errors.ToString().TrimEnd());
    }

    [Fact]
    public async Task Without_a_commands_name_the_program_is_to_serve()
    {
        var command = new Scripted((_, _) => throw new InvalidOperationException("ran"));
        Assert.Null(await ServiceCommand.RunChosenAsync([], command));
        Assert.Null(await ServiceCommand.RunChosenAsync(["--check", "check"], command));
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private Task<int> Run(Scripted command, params string[] words) =>
        command.RunAsync(words, _output, _errors, TestContext.Current.CancellationToken);

    private sealed class Scripted(Func<IReadOnlyList<string>, TextWriter, int> run) : ServiceCommand("check", "FOLDER", "MODEL")
    {
        protected override Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, CancellationToken cancellationToken) =>
            Task.FromResult(run(words, output));

        protected override bool IsBadInput(Exception exception) => exception is FormatException;
    }
}
