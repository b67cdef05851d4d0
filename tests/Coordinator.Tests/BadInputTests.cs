using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator.Tests;

public sealed class BadInputTests
{
    private static readonly (string Message, Action<V1.SolveRequest> Break)[] s_cases =
    [
        ("problem is absent: expected a problem", r => r.Problem = null),
        ("problem.id is ''", r => r.Problem.Id = ""),
        ("problem.id is '../up'", r => r.Problem.Id = "../up"),
        ("problem.id is 'aaa", r => r.Problem.Id = new string('a', 65)),
        ("problem.title is 'a\nb'", r => r.Problem.Title = "a\nb"),
        ("problem.statement is ' '", r => r.Problem.Statement = " "),
        ("problem.statement is 'xxx", r => r.Problem.Statement = new string('x', (32 * 1024) + 1)),
        ("problem.mode is '0'", r => r.Problem.Mode = V1.ProblemMode.Unspecified),
        ("problem.mode is '7'", r => r.Problem.Mode = (V1.ProblemMode)7),
        ("problem.language is '0'", r => r.Problem.Language = V1.Language.Unspecified),
        ("problem.signature is ''", r => r.Problem.Signature = ""),
        ("problem.signature is 'add two'", r => r.Problem.Signature = "add two"),
        ("problem.signature is 'def f():'", r =>
        {
            r.Problem.Mode = V1.ProblemMode.Stdio;
            r.Problem.Signature = "def f():";
            foreach (var test in r.Problem.VisibleTests.Concat(r.Problem.HiddenTests))
            {
                test.Stdio = new V1.StdioTest { Stdin = "1", Stdout = "1" };
            }
        }),
        ("options.process_reward_weight is '1.5'", r => r.Options.ProcessRewardWeight = 1.5),
        ("problem.visible_tests[1].kind is 'None'", r => r.Problem.VisibleTests[1] = new V1.TestCase()),
        ("problem.visible_tests[0].kind is 'Stdio'", r => r.Problem.VisibleTests[0].Stdio = new V1.StdioTest()),
        ("problem.hidden_tests[0].assertion.code is ''", r => r.Problem.HiddenTests[0] = Programs.Test("")),
        ("problem.hidden_tests is '1000 tests'", r => { while (r.Problem.HiddenTests.Count < 1000) { r.Problem.HiddenTests.Add(Programs.Test("assert 1")); } }),
        ("budget.rollouts is '-1'", r => r.Budget.Rollouts = -1),
        ("budget.rollouts is '10001'", r => r.Budget.Rollouts = 10_001),
        ("budget.tokens is '-5'", r => r.Budget.Tokens = -5),
        ("budget.seconds is '-0.5'", r => r.Budget.Seconds = -0.5),
        ("budget.seconds is 'NaN'", r => r.Budget.Seconds = double.NaN),
        ("options.strategy is '9'", r => r.Options.Strategy = (V1.Strategy)9),
        ("options.exploration is '101'", r => r.Options.Exploration = 101),
        ("options.samples_per_expansion is '0'", r => r.Options.SamplesPerExpansion = 0),
        ("options.max_depth is '33'", r => r.Options.MaxDepth = 33),
        ("options.compile_weight is '-0.1'", r => r.Options.CompileWeight = -0.1),
        ("options.temperature is '0'", r => r.Options.Temperature = 0),
        ("options.top_k is '-1'", r => r.Options.TopK = -1),
        ("options.top_p is '0'", r => r.Options.TopP = 0),
        ("options.max_step_tokens is '7'", r => r.Options.MaxStepTokens = 7),
        ("options.max_program_tokens is '8193'", r => r.Options.MaxProgramTokens = 8193),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_wrong_field_is_named_with_its_value_and_what_was_expected(int index)
    {
        var (message, spoil) = s_cases[index];
        var request = Programs.Request();
        spoil(request);
        var error = Assert.Throws<RpcException>(() => SolveRequestReader.Read(request, new CoordinatorOptions()));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith(message, error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(": expected ", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_field_ends_the_call_before_anything_runs()
    {
        await using var host = await CoordinatorHost.StartAsync();
        var request = Programs.Request();
        request.Options.TopP = 2;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty(Directory.GetDirectories(host.Runs));
        Assert.Empty(host.Policy.Requests);
    }

    [Fact]
    public void A_request_without_budget_and_options_takes_the_documented_defaults()
    {
        var plan = SolveRequestReader.Read(new V1.SolveRequest { Problem = Programs.Problem() }, new CoordinatorOptions());
        Assert.Equal(32, plan.WireBudget.Rollouts);
        Assert.Equal(V1.Strategy.Mcts, plan.WireOptions.Strategy);
        Assert.Equal((2.0, 3, 5, 0.1), (plan.Options.Exploration, plan.Options.SamplesPerExpansion, plan.Options.MaxDepth, plan.Options.CompileWeight));
    }

    [Theory]
    [InlineData(CoordinatorOptions.SearchesVariable, "many")]
    [InlineData(CoordinatorOptions.SearchesVariable, "0")]
    [InlineData(CoordinatorOptions.ActionsVariable, "all")]
    public void A_wrong_setting_is_named_with_its_value(string variable, string value)
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { [variable] = value };
        var error = Assert.Throws<InvalidOperationException>(() => CoordinatorOptions.From(configuration));
        Assert.StartsWith($"{variable} is '{value}': expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_are_read_from_the_configuration()
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager
        {
            [CoordinatorOptions.SearchesVariable] = "3",
            [CoordinatorOptions.ActionsVariable] = "paper",
            [CoordinatorOptions.RunsVariable] = "somewhere",
        };
        var settings = CoordinatorOptions.From(configuration);
        Assert.Equal((3, "paper", "somewhere"), (settings.MaxSearches, settings.Actions, settings.RunsFolder));
        var plan = SolveRequestReader.Read(Programs.Request(), settings);
        Assert.Same(Search.ActionPlan.Paper, plan.Options.Plan);
        Assert.False(plan.Options.FastAnswer);
    }

    [Theory]
    [InlineData("O1CODER_ACTIONS", "all", "O1CODER_ACTIONS is 'all': expected competing, paper or direct")]
    [InlineData("O1CODER_HEALTH_PORT", "soon", "O1CODER_HEALTH_PORT is 'soon': expected 1 to 65535")]
    [InlineData("O1CODER_HEALTH_PORT", "70000", "O1CODER_HEALTH_PORT is 70000: expected 1 to 65535")]
    [InlineData("O1CODER_SILO_PORT", "x", "O1CODER_SILO_PORT is 'x': expected a port")]
    [InlineData("O1CODER_SILO_ADDRESS", "here", "O1CODER_SILO_ADDRESS is 'here': expected an IP address")]
    [InlineData("O1CODER_CLUSTER", "many", "O1CODER_CLUSTER is 'many': expected none, alone or redis")]
    [InlineData("O1CODER_CLUSTER", "redis", "expected Redis's address, as O1CODER_CLUSTER is redis")]
    [InlineData("ConnectionStrings:redis", "127.0.0.1:1,no_such_option=1", "no_such_option")]
    public async Task A_service_with_a_wrong_setting_ends_with_status_2(string setting, string value, string message)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration[ClusterOptions.ModeVariable] = "none";
        builder.Configuration[setting] = value;
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults().AddCoordinator();
        var error = new StringWriter();
        Assert.Equal(2, await builder.Build().RunCoordinatorAsync(error));
        Assert.StartsWith("error: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }
}
