using O1Coder.Coordinator;
using O1Coder.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddCoordinator();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<SearchGrpcService>();
app.MapGrpcService<TrainerProxy>();
app.MapGrpcService<SelfPlayGrpcService>();
app.MapGrpcService<EvaluationGrpcService>();
return await app.RunCoordinatorAsync();
