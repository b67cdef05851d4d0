using System.Security.Cryptography;
using System.Text;
using O1Coder.Sandbox.Plain;
using O1Coder.V1;

namespace O1Coder.Sandbox.Judging;

/// <summary>How one test is run, and what its answer is compared with. The expected value stays here.</summary>
internal sealed record TestPlan
{
    private const int NonceBytes = 16;

    /// <summary>How the program is run.</summary>
    public required BoxMode Mode { get; init; }

    /// <summary>What goes into the box's standard input: the test's own, or the call.</summary>
    public byte[] Input { get; init; } = [];

    /// <summary>Of the mode judge: the assertion.</summary>
    public string? Test { get; init; }

    /// <summary>Of a call: the expected value.</summary>
    public PlainValue Expected { get; init; } = PlainValue.Null;

    /// <summary>Of a call: whether the expected value came from JSON, whose keys are texts.</summary>
    public bool IsJson { get; init; }

    /// <summary>Of a call: whether it is compared by identity, with None, True or False.</summary>
    public bool ByIdentity { get; init; }

    /// <summary>Of a call: a number that no program can guess; an answer without it is none.</summary>
    public string Nonce { get; init; } = "";

    /// <summary>How far the verdict can be trusted.</summary>
    public Trust Trust => Mode == BoxMode.Inside ? Trust.Low : Trust.High;

    /// <summary>Plans a test whose fields were checked.</summary>
    /// <param name="test">The test.</param>
    /// <param name="entry">Of a function test: the function's name.</param>
    public static TestPlan For(TestCase test, string entry) => test.KindCase switch
    {
        TestCase.KindOneofCase.Stdio => new TestPlan { Mode = BoxMode.Stdio, Input = Encoding.UTF8.GetBytes(test.Stdio.Stdin) },
        TestCase.KindOneofCase.Function => Call(entry, JsonPlainReader.Read(test.Function.ArgsJson)) with
        {
            Expected = JsonPlainReader.Read(test.Function.ExpectedJson),
            IsJson = true,
        },
        _ => PlainAssertion.Read(test.Assertion.Code) is { } plain
            ? Call(plain.Entry, plain.Arguments) with { Expected = plain.Expected, ByIdentity = plain.ByIdentity }
            : new TestPlan { Mode = BoxMode.Judge, Test = test.Assertion.Code },
    };

    /// <summary>Plans an assertion that cannot be taken apart from the program: it is run in the program's own process.</summary>
    public static TestPlan Inside(string code)
    {
        var nonce = NewNonce();
        return new TestPlan { Mode = BoxMode.Inside, Nonce = nonce, Input = WireWriter.Frame(PlainValue.OfText(nonce), PlainValue.OfText(code)) };
    }

    private static TestPlan Call(string entry, PlainValue arguments)
    {
        var nonce = NewNonce();
        return new TestPlan
        {
            Mode = BoxMode.Call,
            Nonce = nonce,
            Input = WireWriter.Frame(PlainValue.OfText(nonce), PlainValue.OfText(entry), arguments),
        };
    }

    private static string NewNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
}
