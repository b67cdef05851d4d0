using O1Coder.ServiceDefaults;
using O1Coder.Trainer;

// Trainer                     the service
// Trainer verify FOLDER       runs reference numbers and ends
// Trainer libtorch            says whether libtorch can be loaded and ends
if (await ServiceCommand.RunChosenAsync(args, new VerifyCommand(), new LibtorchCommand()) is { } exitCode)
{
    return exitCode;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddTrainerServices();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<TrainerGrpcService>();
return await app.RunServiceAsync();
