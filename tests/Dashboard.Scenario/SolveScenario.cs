using Google.Protobuf.WellKnownTypes;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Dashboard.Scenario;

/// <summary>O1Coder some minutes after its start: most of it runs, a trainer has crashed, something waits for it.</summary>
public static class SolveScenario
{
    /// <summary>The value of the secret parameter, which no page shows by itself.</summary>
    public const string Secret = "kX3-7hQvR2mPzT9w";

    private const string Escape = "\u001b";

    /// <summary>When everything started.</summary>
    public static DateTime Start { get; } = new(2026, 11, 30, 9, 14, 7, DateTimeKind.Utc);

    /// <summary>Makes an AppHost hold these resources and their first lines and nothing else, with commands that do what they say.</summary>
    public static void Play(ScriptedAppHost appHost)
    {
        appHost.Clear();
        appHost.OnCommand = RunAsync;
        appHost.Put(Parameter("model", "qwen2.5-coder-0.5b-instruct", secret: false, "The folder of the language model."));
        appHost.Put(Parameter("redis-password", Secret, secret: true, "Generated at the first start, and kept."));
        appHost.Put(Redis());
        appHost.Put(Project("policy", "policy-7f3a", 7401, 0.4, [("redis", "Reference"), ("redis", "WaitFor"), ("model", "Reference")], "/health"));
        appHost.Put(Project("sandbox", "sandbox-b21c", 7402, 0.5, []));
        appHost.Put(Project("sandbox", "sandbox-e80d", 7412, 0.5, []));
        appHost.Put(Project("prm", "prm-19aa", 7403, 2.2, [("policy", "Reference"), ("policy", "WaitFor")]));
        appHost.Put(Unhealthy(Project("tcg", "tcg-c0de", 7404, 2.2, [("policy", "Reference"), ("sandbox", "Reference"), ("policy", "WaitFor")], "grpc.health.v1")));
        appHost.Put(Crashed(Project("trainer", "trainer-5d1e", 7405, 2.4, [("policy", "Reference")])));
        appHost.Put(Project("coordinator", "coordinator-a4f0", 7410, 3.1,
            [("redis", "Reference"), ("policy", "Reference"), ("sandbox", "Reference"), ("prm", "Reference"), ("tcg", "Reference"), ("trainer", "Reference"), ("redis", "WaitFor"), ("policy", "WaitFor"), ("sandbox", "WaitFor")], "/health"));
        var studio = Project("studio", "studio-90be", 7420, 3.1, [("coordinator", "Reference"), ("coordinator", "WaitFor"), ("trainer", "WaitFor")]);
        studio.State = "Waiting";
        studio.StartedAt = null;
        studio.WaitingFor.Add("trainer");
        studio.Urls[0].Inactive = true;
        appHost.Put(studio);
        appHost.Put(SelfPlay());
        WriteLines(appHost);
    }

    private static Resource Parameter(string name, string value, bool secret, string description) => new()
    {
        InstanceName = name,
        Name = name,
        Type = "Parameter",
        State = "Running",
        CreatedAt = At(0),
        Properties =
        {
            new ResourceProperty { Name = "Value", Value = value, Sensitive = secret },
            new ResourceProperty { Name = "Description", Value = description },
        },
    };

    private static Resource Redis()
    {
        var redis = new Resource
        {
            InstanceName = "redis-31e7",
            Name = "redis",
            Type = "Redis",
            State = "Running",
            CreatedAt = At(0),
            StartedAt = At(0.1),
            Urls = { new ResourceUrl { Url = "tcp://127.0.0.1:6379", EndpointName = "tcp", Internal = true } },
            HealthReports = { Report("redis_check", "Healthy", "PONG in 0.3 ms") },
            Properties =
            {
                new ResourceProperty { Name = "executable.path", Value = "/usr/bin/redis-server" },
                new ResourceProperty { Name = "executable.args", Value = "-" },
                new ResourceProperty { Name = "process.id", Value = "41002" },
            },
            Relationships = { new Relationship { ResourceName = "redis-password", Type = "Reference" } },
        };
        AddCommands(redis);
        return redis;
    }

    private static Resource Project(string name, string instance, int port, double seconds, (string Name, string Type)[] relationships, string? check = null)
    {
        var file = char.ToUpperInvariant(name[0]) + name[1..];
        var resource = new Resource
        {
            InstanceName = instance,
            Name = name,
            Type = "Project",
            State = "Running",
            CreatedAt = At(0),
            StartedAt = At(seconds),
            Urls = { new ResourceUrl { Url = $"http://127.0.0.1:{port}", EndpointName = "http" } },
            Environment =
            {
                new EnvironmentVariable { Name = "ASPNETCORE_URLS", Value = $"http://127.0.0.1:{port}", FromModel = true },
                new EnvironmentVariable { Name = "OTEL_SERVICE_NAME", Value = name, FromModel = true },
                new EnvironmentVariable { Name = "OTEL_EXPORTER_OTLP_HEADERS", Value = "x-otlp-api-key=9b1f0c55", Secret = true, FromModel = true },
                new EnvironmentVariable { Name = "HOME", Value = "/home/ops" },
                new EnvironmentVariable { Name = "PATH", Value = "/usr/local/bin:/usr/bin:/bin" },
            },
            Properties =
            {
                new ResourceProperty { Name = "project.path", Value = $"services/{file}/{file}.csproj" },
                new ResourceProperty { Name = "process.id", Value = (41000 + (port % 100)).ToString() },
            },
        };
        foreach (var (other, type) in relationships)
        {
            resource.Relationships.Add(new Relationship { ResourceName = other, Type = type });
            if (type == "Reference" && other == "redis")
            {
                resource.Environment.Add(new EnvironmentVariable
                {
                    Name = "ConnectionStrings__redis",
                    Value = $"127.0.0.1:6379,password={Secret}",
                    Secret = true,
                    FromModel = true,
                });
            }
        }

        if (check is not null)
        {
            resource.HealthReports.Add(Report($"{name}_http_{check}_check", "Healthy", "200 in 4 ms"));
        }

        AddCommands(resource);
        return resource;
    }

    private static Resource Unhealthy(Resource resource)
    {
        var report = resource.HealthReports[0];
        report.Status = "Unhealthy";
        report.Description = "NOT_SERVING: the policy has no adapter 'tcg'.";
        return resource;
    }

    private static Resource Crashed(Resource resource)
    {
        resource.State = "Exited";
        resource.ExitCode = 134;
        resource.StoppedAt = At(94);
        resource.Urls[0].Inactive = true;
        resource.LastLines.Add(Line(1, 93.1, "info: O1Coder.Trainer[0] job sft-0007: step 412, loss 0.913", false));
        resource.LastLines.Add(Line(2, 93.9, "terminate called after throwing an instance of 'c10::Error'", true));
        resource.LastLines.Add(Line(3, 93.9, "  what():  DefaultCPUAllocator: not enough memory: you tried to allocate 4294967296 bytes.", true));
        SetCommands(resource, running: false);
        return resource;
    }

    private static Resource SelfPlay()
    {
        var resource = new Resource
        {
            InstanceName = "selfplay",
            Name = "selfplay",
            Type = "Executable",
            State = "NotStarted",
            CreatedAt = At(0),
            Properties =
            {
                new ResourceProperty { Name = "executable.path", Value = "cli/bin/o1coder" },
                new ResourceProperty { Name = "executable.args", Value = "selfplay --problems problems/practice" },
            },
            Relationships = { new Relationship { ResourceName = "coordinator", Type = "Reference" } },
        };
        AddCommands(resource);
        SetCommands(resource, running: false);
        return resource;
    }

    private static void AddCommands(Resource resource)
    {
        resource.Commands.Add(new ResourceCommand { Name = "start", DisplayName = "Start", Highlighted = true });
        resource.Commands.Add(new ResourceCommand { Name = "stop", DisplayName = "Stop", Highlighted = true });
        resource.Commands.Add(new ResourceCommand { Name = "restart", DisplayName = "Restart" });
        if (resource.Name == "redis")
        {
            resource.Commands.Add(new ResourceCommand
            {
                Name = "flush",
                DisplayName = "Clear the cache",
                Description = "Removes every key.",
                Confirmation = "Remove every key from redis? Searches will compute again what they had kept.",
                State = CommandState.Enabled,
            });
        }

        SetCommands(resource, running: true);
    }

    private static void SetCommands(Resource resource, bool running)
    {
        foreach (var command in resource.Commands)
        {
            command.State = command.Name switch
            {
                "start" => running ? CommandState.Hidden : CommandState.Enabled,
                "stop" => running ? CommandState.Enabled : CommandState.Hidden,
                "restart" => running ? CommandState.Enabled : CommandState.Disabled,
                _ => command.State,
            };
        }
    }

    private static Task<ExecuteCommandResponse> RunAsync(ScriptedAppHost appHost, Resource resource, string command)
    {
        if (command == "flush")
        {
            return Task.FromResult(new ExecuteCommandResponse
            {
                Result = ExecuteCommandResult.Failed,
                Message = "NOPERM this user has no permissions to run the 'flushall' command",
            });
        }

        appHost.Change(resource.InstanceName, changed =>
        {
            var runs = command != "stop";
            changed.State = runs ? "Running" : "Exited";
            changed.ClearExitCode();
            changed.LastLines.Clear();
            if (!runs)
            {
                changed.ExitCode = 0;
            }

            SetCommands(changed, runs);
        });
        appHost.Write(resource.InstanceName, $"info: {resource.Name} was told to {command}");
        return Task.FromResult(new ExecuteCommandResponse { Result = ExecuteCommandResult.Succeeded, Message = $"{resource.Name}: {command} done." });
    }

    private static void WriteLines(ScriptedAppHost appHost)
    {
        string Info(string category, string text) => $"{Escape}[40m{Escape}[32minfo{Escape}[39m{Escape}[22m{Escape}[49m: {category}[0] {text}";
        string Warn(string category, string text) => $"{Escape}[1m{Escape}[33mwarn{Escape}[39m{Escape}[22m: {category}[0] {text}";
        void At(double seconds, string instance, string text, bool error = false) => appHost.Write(instance, text, error, Moment(seconds));

        At(0.1, "redis-31e7", "41002:C 30 Nov 2026 09:14:07.113 * Redis version=7.0.15, bits=64, started");
        At(0.2, "redis-31e7", "41002:M 30 Nov 2026 09:14:07.180 * Ready to accept connections");
        At(0.5, "sandbox-b21c", Info("O1Coder.Sandbox", "limits: namespaces, seccomp, rlimit; languages: python 3.11, c++ 12, java 17, javascript 20, rust 1.95"));
        At(0.5, "sandbox-e80d", Info("O1Coder.Sandbox", "limits: namespaces, seccomp, rlimit; languages: python 3.11, c++ 12, java 17, javascript 20, rust 1.95"));
        At(0.9, "policy-7f3a", Info("O1Coder.Policy", "loading models/qwen2.5-coder-0.5b-instruct (284 MB, 4-bit)"));
        At(2.1, "policy-7f3a", Info("O1Coder.Policy", "ready in 1.2 s; kernels: avx512-vnni, 2 threads"));
        At(2.3, "prm-19aa", Info("O1Coder.Prm", "connected to policy"));
        At(2.3, "tcg-c0de", Info("O1Coder.Tcg", "connected to policy and sandbox"));
        At(2.6, "tcg-c0de", Warn("O1Coder.Tcg", "no adapter 'tcg': test cases come from the base model"));
        At(3.3, "coordinator-a4f0", Info("O1Coder.Coordinator", "listening on http://127.0.0.1:7410"));
        for (var step = 0; step < 60; step++)
        {
            At(8 + step, "coordinator-a4f0", Info("O1Coder.Coordinator", $"search s-0041: rollout {step + 1}, best {Escape}[1;36m{0.35 + (step * 0.01):0.00}{Escape}[0m, {31 + (step % 7)} tokens/s"));
            At(8.3 + step, "policy-7f3a", Info("O1Coder.Policy", $"generate: {48 + (step % 5)} tokens, {step % 9 * 64} from the cache"));
            At(8.6 + step, step % 2 == 0 ? "sandbox-b21c" : "sandbox-e80d", step % 11 == 10
                ? Warn("O1Coder.Sandbox", $"run {step + 1}: time limit of 2 s passed")
                : Info("O1Coder.Sandbox", $"run {step + 1}: {(step % 3 == 0 ? $"{Escape}[31mwrong answer{Escape}[0m on test 2" : $"{Escape}[32maccepted{Escape}[0m")}"));
        }

        At(93.1, "trainer-5d1e", Info("O1Coder.Trainer", "job sft-0007: step 412, loss 0.913"));
        At(93.9, "trainer-5d1e", "terminate called after throwing an instance of 'c10::Error'", error: true);
        At(93.9, "trainer-5d1e", "  what():  DefaultCPUAllocator: not enough memory: you tried to allocate 4294967296 bytes.", error: true);
    }

    private static HealthReport Report(string name, string status, string description) => new()
    {
        Name = name,
        Status = status,
        Description = description,
        LastRunAt = At(95),
    };

    private static ConsoleLine Line(int number, double seconds, string text, bool isError) =>
        new() { Number = number, At = At(seconds), Text = text, IsError = isError };

    private static Timestamp At(double seconds) => Timestamp.FromDateTime(Moment(seconds));

    private static DateTime Moment(double seconds) => Start.AddMilliseconds(Math.Round(seconds * 1000));
}
