using O1Coder.Policy;
using O1Coder.Policy.OpenAi;
using O1Coder.ServiceDefaults;

// Policy                      the service
// Policy verify FOLDER MODEL  runs reference numbers and ends
// Policy show MODEL           says what a model is and ends
if (args is ["verify" or "show", ..])
{
    using var stop = new StopSignals();
    return args[0] == "verify"
        ? VerifyCommand.Run(args[1..], Console.Out, Console.Error, stop.Token)
        : ShowCommand.Run(args[1..], Console.Out, Console.Error, stop.Token);
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddPolicyServices();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<PolicyGrpcService>();
app.MapOpenAiWhereAsked();
return await app.RunPolicyAsync();
