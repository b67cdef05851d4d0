using System.Globalization;
using O1Coder.AppHost;
using O1Coder.Cli;

// AppHost                     starts the system with its dashboard and keeps it up; --no-dashboard, --port N,
//                             --model FOLDER, --remote URL (a server runs the model), --openai-port N (answers OpenAI's
//                             clients), --precision int4|int8|fp32 (the weights; else as stored), --accuracy fast|exact,
//                             --coordinators N (searches are shared among them), and who gets how many cores:
//                             --threads N, --trainer-threads N, --boxes N, --service-cores N (see CoreBudget)
// AppHost solve FILE …        starts the system, runs the command on it, stops it; --dashboard with the dashboard
// AppHost --publisher NAME --output-path FOLDER   writes how the system is deployed: manifest or kubernetes
var dashboard = DashboardChoice.Read(ref args);
var keepUp = SystemSettings.IsForSystem(args);
var command = keepUp ? null : Invocation.Prepare(args);
if (command?.ExitCode is { } done)
{
    return done;
}

if (command?.Coordinator is { } running)
{
    return await command.RunUntilSignalAsync(running);
}

var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = dashboard.Complete(keepUp ? args : [], keepUp),
    EnableResourceLogging = keepUp,
    DisableDashboard = !dashboard.IsWanted(keepUp),
});
if (SystemSettings.Read(builder, keepUp, args, out var settings) is { } badInput)
{
    return SystemRun.Refuse(badInput);
}

// ---- The system -----------------------------------------------------------------------------------------------------

// One that runs already, where ConnectionStrings:redis says where.
IResourceBuilder<IResourceWithConnectionString> redis = settings.HasRedis ? builder.AddConnectionString("redis") : builder.AddRedis("redis");
var cores = settings.Cores;

var policy = GrpcService(builder.AddProject<Projects.Policy>("policy"), cores.Policy)
    .WithEnvironment("O1CODER_MODEL", settings.Model)
    .WithEnvironment("O1CODER_THREADS", Text(cores.Policy))
    .WithEnvironment("O1CODER_WEIGHTS", settings.Weights)
    .WithEnvironment("O1CODER_ACCURACY", settings.Accuracy)
    .WithEnvironment("O1CODER_REMOTE", settings.Remote);
if (settings.RemoteKey.Length > 0)
{
    policy.WithEnvironment("O1CODER_REMOTE_KEY", builder.AddParameter("remote-key", settings.RemoteKey, secret: true));
}

// Without a port asked for, whatever the AppHost inherited counts for nothing.
policy = settings.OpenAiPort is { } openAiPort
    ? policy.WithHttpEndpoint(openAiPort, name: "openai", env: "O1CODER_OPENAI_PORT")
    : policy.WithEnvironment("O1CODER_OPENAI_PORT", "0");

var sandbox = GrpcService(builder.AddProject<Projects.Sandbox>("sandbox"), cores.Others)
    .WithEnvironment("Sandbox__Concurrency", Text(cores.Boxes));

var tcg = GrpcService(builder.AddProject<Projects.Tcg>("tcg"), cores.Others)
    .WithReference(policy).WithReference(sandbox);

var prm = GrpcService(builder.AddProject<Projects.Prm>("prm"), cores.Others)
    .WithReference(policy);

// Trains while the model waits: both may use all cores.
var trainer = GrpcService(builder.AddProject<Projects.Trainer>("trainer"), cores.Trainer)
    .WithEnvironment("O1CODER_MODEL", settings.Model)
    .WithEnvironment("O1CODER_THREADS", Text(cores.Trainer))
    .WithEnvironment("O1CODER_RUNS", settings.Runs);

// The first has the port that clients know; its peers take their share of the searches.
var coordinator = Coordinator("coordinator", settings.Port);
if (settings.Coordinators > 1 && builder.ExecutionContext.IsRunMode)
{
    Coordinator("coordinator-peer", null).WithReplicas(settings.Coordinators - 1);
}

// ---------------------------------------------------------------------------------------------------------------------

if (builder.ExecutionContext.IsPublishMode)
{
    Deployment.Describe(builder, settings);
    return SystemRun.Publish(builder);
}

var run = new SystemRun(builder, coordinator.GetEndpoint("http"), policy.GetEndpoint("openai"), settings);
return command is null ? await run.KeepUpAsync() : await run.RunCommandAsync(command, dashboard.IsAsked);

IResourceBuilder<ProjectResource> Coordinator(string name, int? port) => GrpcService(builder.AddProject<Projects.Coordinator>(name), cores.Others, port)
    .WithEnvironment("O1CODER_RUNS", settings.Runs)
    .WithEnvironment("O1CODER_CLUSTER", settings.Coordinators > 1 ? "redis" : "alone")
    .WithReference(redis).WaitFor(redis)
    .WithReference(policy).WaitFor(policy)
    .WithReference(sandbox).WaitFor(sandbox)
    .WithReference(tcg).WaitFor(tcg)
    .WithReference(prm).WaitFor(prm)
    .WithReference(trainer).WaitFor(trainer);

// gRPC without TLS speaks HTTP/2 only, so health checks over HTTP/1.1 have an endpoint of their own.
static IResourceBuilder<ProjectResource> GrpcService(IResourceBuilder<ProjectResource> service, int cores, int? port = null) => service
    .WithEnvironment(CoreBudget.RuntimeVariable, Text(cores))
    .WithHttpEndpoint(port)
    .AsHttp2Service()
    .WithHttpEndpoint(name: "health", env: "O1CODER_HEALTH_PORT")
    .WithHttpHealthCheck("/health", endpointName: "health")
    .WithEnvironment("Logging__LogLevel__Microsoft.AspNetCore", "Warning");

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
