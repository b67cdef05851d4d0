using O1Coder.Policy;
using O1Coder.Policy.OpenAi;
using O1Coder.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults().AddPolicyServices();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<PolicyGrpcService>();
app.MapOpenAiWhereAsked();
return await app.RunPolicyAsync();
