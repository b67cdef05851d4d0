using O1Coder.Hosting.Dashboard;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    // Started as "dotnet O1Coder.Hosting.Dashboard.dll" from any folder: what it serves lies beside it.
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddDashboard();

var app = builder.Build();
app.MapDashboard();
await app.RunAsync();
