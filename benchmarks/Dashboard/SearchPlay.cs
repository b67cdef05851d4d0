using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Benchmarks.Dashboard;

/// <summary>The spans and log lines of one search, from cli to sandbox in one trace.</summary>
internal sealed class SearchPlay(string problem, string statement, ulong start, Random random)
{
    private static readonly string[] s_verdicts = ["passed", "wrong_answer", "wrong_answer", "runtime_error", "time_limit"];
    private static readonly string[] s_steps = ["define_structure", "refine", "code"];

    private readonly ByteString _trace = Otlp.Id(random, 16);
    private readonly Dictionary<string, List<Span>> _spans = [];
    private readonly Dictionary<string, List<LogRecord>> _logs = [];
    private ulong _now = start;

    /// <summary>When it ended, in nanoseconds since 1970.</summary>
    public ulong End { get; private set; }

    /// <summary>Who took part.</summary>
    public IReadOnlyCollection<string> Services => _spans.Keys;

    /// <summary>Tokens that the model wrote.</summary>
    public int Tokens { get; private set; }

    /// <summary>What the runs of programs took, in seconds, by verdict, with trace and span.</summary>
    public List<(string Verdict, double Seconds, ByteString Trace, ByteString Span)> Runs { get; } = [];

    /// <summary>Rollouts.</summary>
    public int Rollouts { get; private set; }

    /// <summary>A service's spans, those that ended first at the beginning.</summary>
    public List<Span> SpansOf(string service) => _spans[service];

    /// <summary>A service's log lines.</summary>
    public List<LogRecord> LogsOf(string service) => _logs.GetValueOrDefault(service, []);

    /// <summary>Plays it.</summary>
    public void Play(int rollouts)
    {
        var solve = Open("cli", $"solve {problem}", Span.Types.SpanKind.Client, null, ("o1coder.problem", problem));
        Pass(0.002);
        var served = Open("coordinator", "o1coder.v1.Coordinator/Solve", Span.Types.SpanKind.Server, solve, ("rpc.system", "grpc"), ("rpc.method", "Solve"));
        var search = Open("coordinator", "search", Span.Types.SpanKind.Internal, served, ("o1coder.method", "o1-coder"), ("o1coder.problem", problem), ("o1coder.rollouts", rollouts));
        Log("coordinator", SeverityNumber.Info, $"Search of {problem} begins: 3 visible tests, {rollouts} rollouts", search, ("Problem", problem), ("Rollouts", rollouts));
        var solved = false;
        for (var rollout = 0; rollout < rollouts && !solved; rollout++)
        {
            solved = PlayRollout(search, rollout);
        }

        Log("coordinator", solved ? SeverityNumber.Info : SeverityNumber.Warn, $"Search of {problem} {(solved ? "solved it" : "spent its budget")} after {Rollouts} rollouts and {Tokens} tokens", search, ("Outcome", solved ? "solved" : "budget"));
        Close(search, ("o1coder.outcome", solved ? "solved" : "budget"), ("o1coder.tokens", Tokens));
        Close(served, ("rpc.grpc.status_code", 0));
        Close(solve);
        End = _now;
    }

    private bool PlayRollout(Span search, int number)
    {
        Rollouts++;
        var expansion = Open("coordinator", "expansion", Span.Types.SpanKind.Internal, search, ("o1coder.rollout", number));
        for (var step = 0; step < s_steps.Length; step++)
        {
            if (random.Next(3) == 0)
            {
                var get = Open("coordinator", "GET", Span.Types.SpanKind.Client, expansion, ("db.system.name", "redis"), ("db.operation.name", "GET"));
                Pass(0.0004);
                Close(get);
            }

            Generate(expansion, s_steps[step], number);
        }

        Close(expansion);
        var passed = Execute(search, number);
        var backup = Open("coordinator", "backup", Span.Types.SpanKind.Internal, search, ("o1coder.value", passed ? 1.0 : Math.Round(random.NextDouble() * 0.6, 3)));
        Pass(0.0002);
        Close(backup);
        return passed && number > 3;
    }

    private void Generate(Span parent, string step, int rollout)
    {
        var generate = Open("coordinator", "generate", Span.Types.SpanKind.Internal, parent, ("o1coder.action", step));
        var call = Open("coordinator", "o1coder.v1.Policy/Generate", Span.Types.SpanKind.Client, generate, ("rpc.system", "grpc"), ("server.address", "policy"));
        Pass(0.001);
        var served = Open("policy", "o1coder.v1.Policy/Generate", Span.Types.SpanKind.Server, call, ("rpc.system", "grpc"), ("rpc.method", "Generate"));
        var tokens = random.Next(12, 60);
        var input = 180 + (rollout * 7) + random.Next(40);
        var text = step == "code"
            ? $"def solve(line):\n    # attempt {rollout}\n    return {random.Next(1000)}\n"
            : $"Step {rollout}: {step.Replace('_', ' ')} with a stack of depth {random.Next(1, 9)}.";
        var chat = Open("policy", "chat qwen2.5-coder-0.5b-instruct", Span.Types.SpanKind.Internal, served,
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "o1coder"), ("gen_ai.request.model", "qwen2.5-coder-0.5b-instruct"),
            ("gen_ai.response.model", "qwen2.5-coder-0.5b-instruct"), ("gen_ai.request.temperature", 0.8), ("gen_ai.request.max_tokens", 256),
            ("o1coder.adapter", "sft-latest"), ("gen_ai.usage.input_tokens", input), ("gen_ai.usage.cache_read.input_tokens", input - 30),
            ("gen_ai.usage.output_tokens", tokens),
            ("gen_ai.input.messages", Messages("user", $"{statement}\nAction: {step}", null)),
            ("gen_ai.output.messages", Messages("assistant", text, "stop")));
        Pass(tokens / 300.0);
        Tokens += tokens;
        Close(chat);
        Close(served, ("rpc.grpc.status_code", 0));
        Close(call);
        Close(generate);
    }

    private bool Execute(Span search, int rollout)
    {
        var execute = Open("coordinator", "execute", Span.Types.SpanKind.Internal, search, ("o1coder.rollout", rollout));
        var call = Open("coordinator", "o1coder.v1.Sandbox/Execute", Span.Types.SpanKind.Client, execute, ("rpc.system", "grpc"), ("server.address", "sandbox"));
        Pass(0.001);
        var served = Open("sandbox", "o1coder.v1.Sandbox/Execute", Span.Types.SpanKind.Server, call, ("rpc.system", "grpc"));
        var verdict = s_verdicts[random.Next(rollout > 6 ? s_verdicts.Length : 4) % s_verdicts.Length];
        for (var test = 0; test < 3; test++)
        {
            var run = Open("sandbox", "run test", Span.Types.SpanKind.Internal, served, ("o1coder.test", test), ("o1coder.verdict", verdict), ("o1coder.language", "python"));
            var seconds = verdict == "time_limit" ? 2.0 : 0.02 + (random.NextDouble() * 0.03);
            Pass(seconds);
            if (verdict == "runtime_error")
            {
                run.Status = new Status { Code = Status.Types.StatusCode.Error, Message = "IndexError: list index out of range" };
                run.Events.Add(new Span.Types.Event
                {
                    Name = "exception",
                    TimeUnixNano = _now,
                    Attributes = { Otlp.Attributes(("exception.type", "IndexError"), ("exception.message", "list index out of range"), ("exception.stacktrace", "Traceback (most recent call last):\n  File \"main.py\", line 3, in solve\nIndexError: list index out of range")) },
                });
            }

            Runs.Add((verdict, seconds, _trace, run.SpanId));
            Close(run);
            if (verdict is "time_limit" or "runtime_error")
            {
                Log("sandbox", SeverityNumber.Warn, $"Test {test} ended with {verdict} after {seconds.ToString("0.000", CultureInfo.InvariantCulture)} s", run, ("Verdict", verdict), ("Test", test));
                break;
            }
        }

        Close(served, ("rpc.grpc.status_code", 0));
        Close(call);
        Close(execute, ("o1coder.verdict", verdict));
        return verdict == "passed";
    }

    private static string Messages(string role, string text, string? finish) => JsonSerializer.Serialize(new[]
    {
        finish is null
            ? (object)new { role, parts = new[] { new { type = "text", content = text } } }
            : new { role, parts = new[] { new { type = "text", content = text } }, finish_reason = finish },
    });

    private void Pass(double seconds) => _now += SystemReplay.Seconds(seconds);

    private Span Open(string service, string name, Span.Types.SpanKind kind, Span? parent, params (string Key, object Value)[] attributes)
    {
        _spans.TryAdd(service, []);
        var span = new Span { TraceId = _trace, SpanId = Otlp.Id(random, 8), Name = name, Kind = kind, StartTimeUnixNano = _now };
        if (parent is not null)
        {
            span.ParentSpanId = parent.SpanId;
        }

        span.Attributes.AddRange(Otlp.Attributes(attributes));
        span.Attributes.Add(Otlp.Attribute("peer.service", service));
        return span;
    }

    private void Close(Span span, params (string Key, object Value)[] attributes)
    {
        Pass(0.0003);
        span.EndTimeUnixNano = _now;
        span.Attributes.AddRange(Otlp.Attributes(attributes));
        var owner = span.Attributes.First(attribute => attribute.Key == "peer.service");
        span.Attributes.Remove(owner);
        _spans[owner.Value.StringValue].Add(span);
    }

    private void Log(string service, SeverityNumber severity, string message, Span span, params (string Key, object Value)[] attributes)
    {
        if (!_logs.TryGetValue(service, out var logs))
        {
            _logs.Add(service, logs = []);
        }

        var record = new LogRecord
        {
            TimeUnixNano = _now,
            SeverityNumber = severity,
            SeverityText = severity.ToString(),
            Body = new AnyValue { StringValue = message },
            TraceId = _trace,
            SpanId = span.SpanId,
        };
        record.Attributes.AddRange(Otlp.Attributes(attributes));
        logs.Add(record);
    }
}
