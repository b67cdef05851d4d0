using O1Coder.Sandbox;
using O1Coder.Sandbox.Verification;
using O1Coder.ServiceDefaults;

// Sandbox                                          the service
// Sandbox verify FOLDER REPEAT PARALLEL LIMITER    runs cases and ends
// Sandbox run LIMITER                              runs the requests of standard input, a line each, and ends
if (await ServiceCommand.RunChosenAsync(args, new VerifyCommand(), new RunCommand()) is { } exitCode)
{
    return exitCode;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSandbox();
builder.Services.AddHealthChecks().AddCheck<BoxHealthCheck>("boxes");
return await builder.RunSandboxAsync();
