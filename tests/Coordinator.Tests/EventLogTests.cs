namespace O1Coder.Coordinator.Tests;

public sealed class EventLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-log-").FullName;

    private string LogPath => Path.Combine(_folder, "events.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void WriteThree()
    {
        using var log = new EventLogWriter(LogPath);
        log.Append(new V1.SolveResponse { Started = new V1.SearchStarted { SearchId = "s" } });
        log.Append(new V1.SolveResponse
        {
            NodeAdded = new V1.NodeAdded { Node = 1, Action = V1.StepAction.Code, Depth = 1, Text = "print(\"\u2028 \n ü\")", Terminal = true, Tokens = 3 },
        });
        log.Append(new V1.SolveResponse { RolloutFinished = new V1.RolloutFinished { Rollout = 1, Path = { 0, 1 }, Value = 0.1 + 0.2 } });
    }

    [Fact]
    public void A_log_reads_back_exactly()
    {
        WriteThree();
        var log = EventLog.Read(LogPath);
        Assert.Equal([1L, 2L, 3L], log.Events.Select(one => one.Sequence));
        Assert.Equal("print(\"\u2028 \n ü\")", log.Events[1].NodeAdded.Text);
        Assert.Equal(BitConverter.DoubleToInt64Bits(0.1 + 0.2), BitConverter.DoubleToInt64Bits(log.Events[2].RolloutFinished.Value));
        Assert.Equal((null, false), (log.End, log.TornTail));
        Assert.Equal(1, log.Rebuild().Root.Visits);
    }

    [Fact]
    public void A_torn_tail_is_left_out_wherever_it_is_torn()
    {
        WriteThree();
        var whole = File.ReadAllBytes(LogPath);
        var lastLine = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (var length = lastLine + 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(LogPath, whole[..length]);
            var log = EventLog.Read(LogPath);
            Assert.True(log.TornTail);
            Assert.Equal(2, log.Events.Count);
        }

        // A block of zeros, as a crash of the machine may leave it.
        File.WriteAllBytes(LogPath, [.. whole, .. new byte[64]]);
        Assert.Equal((3, true), (EventLog.Read(LogPath).Events.Count, EventLog.Read(LogPath).TornTail));
    }

    [Fact]
    public void Damage_before_the_last_line_is_an_error_that_names_the_line()
    {
        WriteThree();
        var text = File.ReadAllText(LogPath);
        File.WriteAllText(LogPath, text.Replace("\"tokens\": 3", "\"tokens\": 4", StringComparison.Ordinal));
        Assert.NotEqual(text, File.ReadAllText(LogPath));
        var error = Assert.Throws<InvalidDataException>(() => EventLog.Read(LogPath));
        Assert.Contains("line 2 of", error.Message, StringComparison.Ordinal);

        var lines = text.Split('\n');
        File.WriteAllText(LogPath, string.Join('\n', lines[0], lines[2], ""));
        Assert.True(EventLog.Read(LogPath).TornTail, "event 3 cannot follow event 1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"v\":\"1\",\"seq\":1,\"crc\":\"00000000\",\"event\":{}}")]
    [InlineData("{\"v\":2,\"seq\":1,\"crc\":\"00000000\",\"event\":{}}")]
    [InlineData("{\"v\":1,\"seq\":1,\"crc\":0,\"event\":{}}")]
    [InlineData("{\"v\":1,\"seq\":1,\"crc\":\"00000000\",\"event\":{}}")]
    public void A_line_that_is_not_ours_is_none(string line) => Assert.Null(LogLine.Parse(line));
}
