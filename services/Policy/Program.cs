using O1Coder.Policy;
using O1Coder.Policy.OpenAi;
using O1Coder.ServiceDefaults;

// Policy                      the service
// Policy verify FOLDER MODEL  runs reference numbers and ends
// Policy show MODEL           says what a model is and ends
if (await ServiceCommand.RunChosenAsync(args, new VerifyCommand(), new ShowCommand()) is { } exitCode)
{
    return exitCode;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddPolicyServices();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<PolicyGrpcService>();
app.MapOpenAiWhereAsked();
return await app.RunPolicyAsync();
