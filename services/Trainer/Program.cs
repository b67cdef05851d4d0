using O1Coder.ServiceDefaults;
using O1Coder.Trainer;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddTrainerServices();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<TrainerGrpcService>();
return await app.RunTrainerAsync();
