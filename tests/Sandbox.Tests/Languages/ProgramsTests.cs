using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests.Languages;

/// <summary>Every language that this machine has compiles, runs and fails as it should; one that it lacks says what to install.</summary>
public sealed class ProgramsTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    public static TheoryData<Language, string> Sums { get; } = new()
    {
        { Language.Cpp, "#include <bits/stdc++.h>\nint main() { long n, sum = 0; while (std::cin >> n) sum += n; std::cout << sum << std::endl; }" },
        { Language.C, "#include <math.h>\n#include <stdio.h>\nint main(void) { double n, sum = 0; while (scanf(\"%lf\", &n) == 1) sum += fabs(n); printf(\"%.0f\\n\", sum); }" },
        { Language.Java, "import java.util.*;\npublic class Sum { public static void main(String[] a) { var in = new Scanner(System.in); long sum = 0; while (in.hasNextLong()) sum += in.nextLong(); System.out.println(sum); } }" },
        { Language.Javascript, "const words = require('fs').readFileSync(0, 'utf8').split(/\\s+/).filter(Boolean);\nconsole.log(words.reduce((sum, word) => sum + Number(word), 0));" },
        { Language.Rust, "use std::io::Read;\nfn main() { let mut text = String::new(); std::io::stdin().read_to_string(&mut text).unwrap(); println!(\"{}\", text.split_whitespace().map(|word| word.parse::<i64>().unwrap()).sum::<i64>()); }" },
        { Language.Go, "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tvar n, sum int64\n\tfor {\n\t\tif _, err := fmt.Scan(&n); err != nil {\n\t\t\tbreak\n\t\t}\n\t\tsum += n\n\t}\n\tfmt.Println(sum)\n}\n" },
        { Language.Csharp, "Console.WriteLine(Console.In.ReadToEnd().Split((char[])null, StringSplitOptions.RemoveEmptyEntries).Sum(long.Parse));" },
    };

    [Theory]
    [MemberData(nameof(Sums))]
    public async Task Adds_numbers(Language language, string program)
    {
        try
        {
            var response = await host.RunAsync(language, program, "1 2 3\n4\n", "10");
            Assert.True(response.Verdict == Verdict.Accepted, $"{response}");
            Assert.True(response.Compiled && !response.CompileCached, $"{response}");
            Assert.Equal("", response.CompileLog);
            var wrong = await host.RunAsync(language, program, "1 2 3\n4\n", "11");
            Assert.Equal((Verdict.WrongAnswer, true), (wrong.Verdict, wrong.CompileCached));
            TestContext.Current.TestOutputHelper!.WriteLine($"{response.Usage} {wrong.Usage}");
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            TestContext.Current.TestOutputHelper!.WriteLine(exception.Status.Detail);
            Assert.Contains("install", exception.Status.Detail, StringComparison.Ordinal);
        }
    }
}
