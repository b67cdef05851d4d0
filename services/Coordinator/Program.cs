using O1Coder.Coordinator;
using O1Coder.Coordinator.Seeing;
using O1Coder.ServiceDefaults;

// Coordinator                                the service
// Coordinator show FOLDER json|html|both OUT  writes a search's tree from its log and ends
if (await ServiceCommand.RunChosenAsync(args, new ShowCommand()) is { } exitCode)
{
    return exitCode;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddCoordinator().AddDependencyChecks();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<SearchGrpcService>();
app.MapGrpcService<TrainerProxy>();
app.MapGrpcService<SelfPlayGrpcService>();
app.MapGrpcService<EvaluationGrpcService>();
return await app.RunCoordinatorAsync();
