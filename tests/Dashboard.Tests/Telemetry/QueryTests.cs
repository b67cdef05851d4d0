using O1Coder.Hosting.Dashboard.Telemetry.GenAi;
using O1Coder.Hosting.Dashboard.Telemetry.Model;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Queries;
using Span = O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1.Span;

namespace O1Coder.Dashboard.Tests.Telemetry;

public class QueryTests
{
    [Theory]
    [InlineData("status == 200", "200", true)]
    [InlineData("status == 200", "200.0", true)]
    [InlineData("status == OK", "ok", true)]
    [InlineData("status != 200", null, true)]
    [InlineData("status == 200", null, false)]
    [InlineData("status > 99", "200", true)]
    [InlineData("status > 200", "200", false)]
    [InlineData("status >= 200", "200", true)]
    [InlineData("status < 9", "10", false)]
    [InlineData("status <= b", "a", true)]
    [InlineData("duration > 1.5s", "1600", true)]
    [InlineData("duration < 2m", "119999", true)]
    [InlineData("duration > 500us", "0.4", false)]
    [InlineData("text contains LIMIT", "time_limit", true)]
    [InlineData("text !contains limit", "time_limit", false)]
    [InlineData("text !contains limit", null, true)]
    [InlineData("text contains two words", "here are two words", true)]
    [InlineData("text == ", "", true)]
    public void Conditions(string text, string? value, bool expected)
    {
        Assert.True(FieldFilter.TryParse(text, out var filter));
        Assert.Equal(expected, filter.Matches(value));
        Assert.True(FieldFilter.TryParse(filter.ToString(), out var again));
        Assert.Equal(filter, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("status")]
    [InlineData("status is 200")]
    public void What_is_no_condition(string text) => Assert.False(FieldFilter.TryParse(text, out _));

    [Fact]
    public void Log_lines_are_filtered_by_everything_that_they_have()
    {
        var (store, ingest) = Sample.Store();
        var traced = Sample.Log("Order 17 failed", 1, SeverityNumber.Error, ("Order", 17), ("Path", "/cart"));
        (traced.TraceId, traced.SpanId) = (Sample.TraceId(5), Sample.SpanId(6));
        ingest.Take(Sample.Logs("shop", traced, Sample.Log("Order 18 went well", 2, SeverityNumber.Info, ("Order", 18))));
        ingest.Take(Sample.Logs("bank", Sample.Log("Nothing", 3, SeverityNumber.Debug2)));

        Assert.Equal(["Order 17 failed"], Messages(new LogQuery { LeastSeverity = Severity.Warning }));
        Assert.Equal(2, Messages(new LogQuery { Text = "ORDER" }).Count);
        Assert.Equal(["Nothing"], Messages(new LogQuery { Resource = new ResourceChoice("bank") }));
        Assert.Equal(["Order 17 failed"], Messages(new LogQuery { TraceId = new TraceId(0, 5), SpanId = new SpanId(6) }));
        Assert.Equal(["Order 18 went well"], Messages(new LogQuery { Filters = [Filter("Order > 17")] }));
        Assert.Equal(["Nothing"], Messages(new LogQuery { Filters = [Filter("level == debug"), Filter("category contains test")] }));
        Assert.Equal(3, Messages(new LogQuery { Filters = [Filter("telemetry.sdk.language == dotnet")] }).Count);

        List<string> Messages(LogQuery query) => query.Run(store).ConvertAll(log => log.Message);
    }

    [Fact]
    public void Traces_are_filtered_by_name_duration_errors_and_attributes_of_one_span()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Spans("cli", Sample.Span(1, 1, 0, 0, 10, "solve", ("problem", "coins"))));
        ingest.Take(Sample.Spans("sandbox", Sample.Span(1, 2, 1, 1, 2, "run", ("verdict", "time_limit"), ("test", 2))));
        var failed = Sample.Span(2, 1, 0, 5, 0.2, "GET /health", ("verdict", "passed"), ("test", 3));
        failed.Status = new Status { Code = Status.Types.StatusCode.Error };
        ingest.Take(Sample.Spans("web", failed));
        ingest.Take(Sample.Spans("policy", Sample.Span(3, 1, 0, 6, 1, "chat", ("gen_ai.operation.name", "chat"))));

        Assert.Equal([3ul, 2ul, 1ul], Ids(new TraceQuery()));
        Assert.Equal([1ul, 3ul, 2ul], Ids(new TraceQuery { Order = TraceOrder.Longest }));
        Assert.Equal([1ul], Ids(new TraceQuery { Order = TraceOrder.MostSpans })[..1]);
        Assert.Equal([1ul], Ids(new TraceQuery { Text = "SOL" }));
        Assert.Equal([2ul], Ids(new TraceQuery { Text = new TraceId(0, 2).ToString() }));
        Assert.Equal([1ul], Ids(new TraceQuery { LeastDuration = 5 * TimeSpan.TicksPerSecond }));
        Assert.Equal([2ul], Ids(new TraceQuery { MostDuration = TimeSpan.TicksPerSecond / 2 }));
        Assert.Equal([2ul], Ids(new TraceQuery { OnlyErrors = true }));
        Assert.Equal([3ul], Ids(new TraceQuery { OnlyGenAi = true }));
        Assert.Equal([1ul], Ids(new TraceQuery { Resource = new ResourceChoice("sandbox") }));
        Assert.Equal([1ul], Ids(new TraceQuery { Filters = [Filter("verdict == time_limit"), Filter("test >= 2")] }));
        Assert.Empty(Ids(new TraceQuery { Filters = [Filter("verdict == time_limit"), Filter("test >= 3")] }));
        Assert.Equal([1ul], Ids(new TraceQuery { Filters = [Filter("duration > 1s"), Filter("resource == sandbox")] }));

        List<ulong> Ids(TraceQuery query) => query.Run(store).ConvertAll(trace => trace.Id.Low);
    }

    [Fact]
    public void Search_looks_everywhere_and_says_where()
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Logs("a", Sample.Log("A needle in a message", 1), Sample.Log("x", 2, SeverityNumber.Info, ("Key", $"{new string('h', 300)}Needle{new string('i', 300)}"))));
        var span = Sample.Span(1, 1, 0, 3, 1, "plain");
        span.Events.Add(new Span.Types.Event { Name = "exception", Attributes = { Benchmarks.Dashboard.Otlp.Attribute("stack", "at needle()") } });
        ingest.Take(Sample.Spans("b", span, Sample.Span(1, 2, 1, 4, 1, "the needle span"), Sample.Span(2, 1, 0, 5, 1, "other", ("needle.size", 3))));

        var result = new SearchQuery("NEEDLE").Run(store);
        Assert.Equal((2, 3), (result.Logs, result.Spans));
        Assert.Equal(["attribute", "name", "stack", "Key", "message"], result.Hits.Select(hit => hit.Field));
        Assert.Equal("Needle", result.Hits[3].Found);
        Assert.InRange(result.Hits[3].Before.Length + result.Hits[3].After.Length, 50, 200);
        Assert.Equal(2, new SearchQuery("needle", 2).Run(store).Hits.Count);
        Assert.Empty(new SearchQuery("haystack").Run(store).Hits);
        Assert.Equal("trace id", Assert.Single(new SearchQuery(new TraceId(0, 2).ToString()).Run(store).Hits).Field);
    }

    [Fact]
    public void Calls_of_a_model_are_read_by_the_conventions_of_now()
    {
        var call = Read(
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "o1coder"), ("gen_ai.request.model", "asked"), ("gen_ai.response.model", "answered"),
            ("gen_ai.usage.input_tokens", 120), ("gen_ai.usage.output_tokens", 7), ("gen_ai.request.temperature", 0.7), ("o1coder.adapter", "sft"),
            ("gen_ai.system_instructions", """[{"type":"text","content":"Be brief."}]"""),
            ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"add","arguments":{"a":1}}]}]"""),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}]"""))!;
        Assert.Equal(("chat", "o1coder", "answered", "sft", 120L, 7L), (call.Operation, call.Provider, call.Model, call.Adapter, call.InputTokens, call.OutputTokens));
        Assert.Equal(["system", "user", "assistant", "assistant"], call.Messages.Select(message => message.Role));
        Assert.Equal("Be brief.", call.Messages[0].Parts[0].Text);
        Assert.Equal(("tool_call", "add", """{"a":1}"""), (call.Messages[2].Parts[0].Kind, call.Messages[2].Parts[0].Name, call.Messages[2].Parts[0].Text));
        Assert.True(call.Messages[3] is { IsOutput: true, FinishReason: "stop" });
        Assert.Contains(new TelemetryAttribute("temperature", "0.7"), call.Parameters);
    }

    [Fact]
    public void Calls_of_a_model_are_read_by_older_conventions_and_when_cut_off()
    {
        var flattened = Read(
            ("gen_ai.system", "openai"), ("gen_ai.prompt.1.content", "second"), ("gen_ai.prompt.0.role", "system"), ("gen_ai.prompt.0.content", "first"),
            ("gen_ai.completion.0.content", "answer"), ("gen_ai.usage.prompt_tokens", 3))!;
        Assert.Equal([("system", "first"), ("user", "second"), ("assistant", "answer")], flattened.Messages.Select(message => (message.Role, message.Parts[0].Text)));
        Assert.Equal(3, flattened.InputTokens);
        var cut = Read(("gen_ai.system", "x"), ("gen_ai.input.messages", """[{"role":"user","par"""))!;
        Assert.Equal("""[{"role":"user","par""", Assert.Single(cut.Messages).Parts[0].Text);
        Assert.Null(Read(("http.route", "/")));
    }

    private static FieldFilter Filter(string text) => FieldFilter.TryParse(text, out var filter) ? filter : throw new ArgumentException(text);

    private static GenAiCall? Read(params (string Key, object Value)[] attributes)
    {
        var (store, ingest) = Sample.Store();
        ingest.Take(Sample.Spans("policy", Sample.Span(1, 1, attributes: attributes)));
        return GenAiReader.Read(Assert.Single(store.Traces()).First, []);
    }
}
