using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>
/// Runs over growing numbers of problems by a real coordinator, a process of its own, with a model and a judge that answer at
/// once: what a problem takes of its time and memory, and whether that depends on how many are queued.
/// </summary>
internal static class ManyProblems
{
    private const int RolloutsEach = 8;
    private const int Parallel = 8;

    public static async Task Run(IReadOnlyList<int> sizes, CancellationToken cancellationToken)
    {
        Print($"runs over many problems: {RolloutsEach} rollouts a problem at most, {Parallel} at once, one coordinator; model and judge are scripted and share its cores");
        Print($"{"problems",10}{"solved",8}{"ms a problem",14}{"first tenth",13}{"last tenth",12}{"MiB at start",14}{"MiB at most",13}{"MiB at end",12}");

        // So that the code is compiled as it will be.
        await Measure(100, print: false, cancellationToken);
        foreach (var size in sizes)
        {
            await Measure(size, print: true, cancellationToken);
        }
    }

    private static async Task Measure(int problems, bool print, CancellationToken cancellationToken)
    {
        var (policyAddress, sandboxAddress, address) = (Address(), Address(), Address());
        await using var policy = await ScriptedServer.StartAsync(new ScriptedPolicy(), policyAddress, cancellationToken);
        await using var sandbox = await ScriptedServer.StartAsync(new ScriptedSandbox(), sandboxAddress, cancellationToken);
        var runs = Directory.CreateTempSubdirectory("o1coder-many-").FullName;
        try
        {
            using var coordinator = SearchServers.StartService("Coordinator", address, new()
            {
                ["O1CODER_RUNS"] = runs,
                ["services__policy__http__0"] = policyAddress,
                ["services__sandbox__http__0"] = sandboxAddress,
                ["ConnectionStrings__redis"] = null,
            });
            using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxSendMessageSize = null });
            var client = new SearchService.SearchServiceClient(channel);
            await coordinator.Until(() => SearchServers.Answers(() => Events(client, new SolveManyRequest(), _ => { }, cancellationToken)), cancellationToken);

            // A small run first: a process that has done nothing holds less than it will.
            await Events(client, Request(50), _ => { }, cancellationToken);
            var (start, most, answered, solved, began) = (coordinator.ResidentBytes, 0L, 0, 0, Stopwatch.GetTimestamp());
            var marks = new List<double>();
            await Events(client, Request(problems), one =>
            {
                if (one.Answered is not null && ++answered % Math.Max(1, problems / 10) == 0)
                {
                    marks.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    most = Math.Max(most, coordinator.ResidentBytes);
                }

                solved = one.Finished?.Totals.Solved ?? solved;
            }, cancellationToken);
            if (print)
            {
                var tenth = problems / 10.0;
                Print($"{problems,10}{solved,8}{marks[^1] / problems,14:F2}{marks[0] / tenth,13:F2}{(marks[^1] - marks[^2]) / tenth,12:F2}{Mib(start),14:F0}{Mib(most),13:F0}{Mib(coordinator.ResidentBytes),12:F0}");
            }
        }
        finally
        {
            Directory.Delete(runs, recursive: true);
        }
    }

    private static SolveManyRequest Request(int problems) => new()
    {
        Problems = { Enumerable.Range(0, problems).Select(Problem) },
        Budget = new ManyBudget { Grant = 4, RolloutsEach = RolloutsEach },
        Options = new SearchOptions { Seed = 3 },
        Parallel = Parallel,
    };

    private static Problem Problem(int number)
    {
        var problem = new Problem
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"p-{number}"),
            Title = "Add two numbers",
            Statement = string.Create(CultureInfo.InvariantCulture, $"Problem {number}: return the sum of two numbers."),
            Mode = ProblemMode.Function,
            Signature = "def add(a, b):",
            Language = Language.Python,
        };
        problem.VisibleTests.AddRange(Enumerable.Range(0, 3).Select(i => Test($"assert add({i}, 1) == {i + 1}")));
        problem.HiddenTests.AddRange(Enumerable.Range(0, 3).Select(i => Test($"assert add({i}, 7000) == {i + 7000}")));
        return problem;
    }

    private static TestCase Test(FormattableString code) => new() { Assertion = new AssertionTest { Code = code.ToString(CultureInfo.InvariantCulture) } };

    private static async Task Events(
        SearchService.SearchServiceClient client, SolveManyRequest request, Action<SolveManyResponse> take, CancellationToken cancellationToken)
    {
        using var call = client.SolveMany(request, cancellationToken: cancellationToken);
        await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            take(one);
        }
    }

    private static string Address() => $"http://127.0.0.1:{FreePort.Find()}";

    private static double Mib(long bytes) => bytes / 1048576.0;

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
