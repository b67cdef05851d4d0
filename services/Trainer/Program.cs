using O1Coder.ServiceDefaults;
using O1Coder.Trainer;

// Trainer                     the service
// Trainer verify FOLDER       runs reference numbers and ends
// Trainer libtorch            says whether libtorch can be loaded and ends
if (args is ["verify", ..])
{
    using var stop = new StopSignals();
    return VerifyCommand.Run(args[1..], Console.Out, Console.Error, stop.Token);
}

if (args is ["libtorch"])
{
    return LibtorchCommand.Run(Console.Out, Console.Error);
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddTrainerServices();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<TrainerGrpcService>();
return await app.RunServiceAsync();
