using O1Coder.Prm;
using O1Coder.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddPrm();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<PrmGrpcService>();
return await app.RunServiceAsync();
