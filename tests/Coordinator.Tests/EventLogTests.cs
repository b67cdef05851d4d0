namespace O1Coder.Coordinator.Tests;

public sealed class EventLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-log-").FullName;

    private string LogPath => Path.Combine(_folder, "events.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void WriteThree()
    {
        using var log = new EventLogWriter(LogPath, LogLease.Of(TimeProvider.System, 0, resumes: true));
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
        Assert.Contains("line 3 of", error.Message, StringComparison.Ordinal);

        var lines = text.Split('\n');
        File.WriteAllText(LogPath, string.Join('\n', lines[0], lines[1], lines[3], ""));
        Assert.True(EventLog.Read(LogPath).TornTail, "event 3 cannot follow event 1");
    }

    [Fact]
    public void A_new_lease_cuts_the_torn_tail_and_silences_the_writer_before_it()
    {
        WriteThree();
        File.AppendAllText(LogPath, "{\"v\":2,\"lease\":1,\"se");
        var lease = LogLease.Of(TimeProvider.System, 1.5, resumes: false);
        using (var second = EventLogWriter.Continue(LogPath, EventLog.Read(LogPath), lease))
        {
            second.Append(new V1.SolveResponse { RolloutFinished = new V1.RolloutFinished { Rollout = 2, Path = { 0, 1 }, Value = 1 } });

            // The first writer was not dead after all; its line has come behind.
            File.AppendAllText(LogPath, new LogLine(1, 4, "{\"rollout_finished\":{\"rollout\":2,\"path\":[0,1],\"value\":0.25}}") + "\n");
            Assert.Throws<IOException>(() => second.AppendEnd(LogEnd.Cancelled));
        }

        var log = EventLog.Read(LogPath);
        Assert.Equal((4, 2, false, 1.5, false), (log.Events.Count, log.LeaseNumber, log.TornTail, log.Lease!.SpentSeconds, log.Lease.Resumes));
        Assert.Equal((2, 1.3), (log.Rebuild().Rollouts, Math.Round(log.Rebuild().Root.ValueSum, 9)));
    }

    [Fact]
    public void What_an_older_writer_added_after_the_log_was_read_does_not_count()
    {
        WriteThree();
        var read = EventLog.Read(LogPath);
        File.AppendAllText(LogPath, new LogLine(1, 4, "{\"rollout_finished\":{\"rollout\":2,\"path\":[0,1],\"value\":0.25}}") + "\n");
        var lease = new LogLine(2, read.Events.Count, LogLease.Of(TimeProvider.System, 0, resumes: true).ToJson());
        File.AppendAllText(LogPath, lease + "\n");
        Assert.Equal((3, 1), (EventLog.Read(LogPath).Events.Count, EventLog.Read(LogPath).Rebuild().Rollouts));
    }

    [Fact]
    public void A_log_of_a_newer_build_is_refused_with_its_version_and_an_older_one_is_read()
    {
        File.WriteAllText(LogPath, new LogLine(1, "{\"started\":{\"search_id\":\"s\"}}") + "\n");
        Assert.Equal("s", Assert.Single(EventLog.Read(LogPath).Events).Started.SearchId);
        File.AppendAllText(LogPath, "{\"v\":3,\"lease\":1,\"seq\":2,\"crc\":\"00000000\",\"event\":{}}\n");
        var error = Assert.Throws<InvalidDataException>(() => EventLog.Read(LogPath));
        Assert.Contains("version 3: expected at most 2", error.Message, StringComparison.Ordinal);
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
