using O1Coder.ServiceDefaults;
using O1Coder.Tcg;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddTcg();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<TcgGrpcService>();
return await app.RunServiceAsync();
