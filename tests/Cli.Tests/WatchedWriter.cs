using System.Text;

namespace O1Coder.Cli.Tests;

/// <summary>A text that a test can wait on while others write it.</summary>
internal sealed class WatchedWriter : TextWriter
{
    private readonly StringBuilder _text = new();
    private readonly List<(string Text, TaskCompletionSource Came)> _watchers = [];

    public override Encoding Encoding => Encoding.UTF8;

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }

    /// <summary>Ends when <paramref name="text"/> has been written.</summary>
    public Task WaitForAsync(string text)
    {
        lock (_text)
        {
            var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((text, came));
            Notify();
            return came.Task;
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        lock (_text)
        {
            _text.Append(value);
            Notify();
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    private void Notify()
    {
        if (_watchers.Count > 0)
        {
            var text = _text.ToString();
            _watchers.Where(watcher => text.Contains(watcher.Text, StringComparison.Ordinal)).ToList().ForEach(watcher => watcher.Came.TrySetResult());
        }
    }
}
