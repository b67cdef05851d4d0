using Aspire.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

// "apphost FOLDER": an AppHost with two resources, the second with a child that ignores SIGTERM; each process writes its id
// to a file of FOLDER. "refuse": an AppHost that ends without an
// application. Without arguments: a service that tells its environment, over HTTP/2 only
// and with grpc.health.v1 where GRPC is set.
if (args is ["apphost", var folder])
{
    var application = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = [], EnableResourceLogging = true });
    var first = application.AddExecutable("first", "bash", folder, "-c", "echo $$ > first.pid; exec sleep 600");
    application.AddExecutable("second", "bash", folder, "-c",
        "bash -c 'trap \"\" TERM; echo $$ > stubborn.pid; while true; do sleep 1; done' & echo $$ > second.pid; echo second is up; wait")
        .WaitFor(first);
    application.Build().Run();
    return;
}

if (args is ["refuse"])
{
    return;
}

var builder = WebApplication.CreateBuilder(args);
if (int.TryParse(Environment.GetEnvironmentVariable("HEALTH_PORT"), out var health))
{
    builder.WebHost.UseUrls($"{builder.Configuration["urls"]};http://127.0.0.1:{health}");
}

var speaksGrpc = Environment.GetEnvironmentVariable("GRPC") is not null;
builder.Services.AddGrpc();
builder.Services.AddGrpcHealthChecks().AddCheck("well", () => HealthCheckResult.Healthy());
if (speaksGrpc)
{
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
}

var app = builder.Build();
if (speaksGrpc)
{
    app.MapGrpcHealthChecksService();
}

app.MapGet("/health", () => "well");
app.MapPost("/greet", (HttpContext context) => $"hello {context.Request.Headers["X-Name"]}");
app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
app.MapGet("/directory", () => Directory.GetCurrentDirectory());
app.Run();
