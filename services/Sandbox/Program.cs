using O1Coder.Sandbox;
using O1Coder.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSandbox();
return await builder.RunSandboxAsync();
