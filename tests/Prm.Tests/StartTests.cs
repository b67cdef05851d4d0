using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Prm.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task AWrongSettingGetsOneLine()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Prm:Calls", (string?)"0"), KeyValuePair.Create("urls", (string?)"http://127.0.0.1:0")]);
        builder.AddServiceDefaults().AddPrm();
        using var errors = new StringWriter();

        Assert.Equal(2, await builder.Build().RunServiceAsync(errors));
        Assert.StartsWith("error: Prm:Calls is 0: expected 1 to 64", errors.ToString());
        Assert.Equal(1, errors.ToString().Count(c => c == '\n'));
    }
}
