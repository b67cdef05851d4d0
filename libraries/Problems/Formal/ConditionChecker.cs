namespace O1Coder.Problems;

/// <summary>
/// Checks the postconditions of a problem for every argument that its preconditions allow. A postcondition is refuted when
/// there are such arguments for which it does not hold, or for which the function raises or returns nothing. What this cannot
/// read is not checked, and says why.
/// </summary>
/// <param name="solver">The solver; null where none is installed.</param>
public sealed class ConditionChecker(ISmtSolver? solver)
{
    private const string Result = "result";

    /// <summary>Checks each postcondition of a problem.</summary>
    /// <param name="problem">The problem, in function mode; without postconditions there is nothing to check.</param>
    /// <param name="program">The program.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A verdict a postcondition, in their order.</returns>
    public async Task<IReadOnlyList<ConditionVerdict>> CheckAsync(Problem problem, string program, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(program);
        if (problem.Ensures.Count == 0)
        {
            return [];
        }

        if (solver is null)
        {
            return Same(problem, ConditionOutcome.NotChecked, "z3 is not installed (apt-get install z3)");
        }

        var script = new SmtScript();
        SmtTerm allowed;
        FunctionResult result;
        FunctionSource signature;
        try
        {
            signature = FunctionSource.Signature(problem.Signature);
            var function = FunctionSource.Find(program, problem.EntryPoint ?? "");
            if (function.Parameters.Count != signature.Parameters.Count)
            {
                throw new NotCheckableException($"the function has {function.Parameters.Count} parameters, the signature {signature.Parameters.Count}");
            }

            var arguments = signature.Parameters.Select(parameter => script.Argument(SortOf(parameter))).ToList();
            result = new FunctionReader(script).Read(function, arguments);
            allowed = AllOf(script, problem.Requires, Names(signature, script));
        }
        catch (NotCheckableException exception)
        {
            return Same(problem, ConditionOutcome.NotChecked, exception.Message);
        }

        var possible = await solver.SolveAsync(script.Asking([allowed]), cancellationToken);
        if (possible.Kind == SmtAnswerKind.Unsatisfiable)
        {
            return Same(problem, ConditionOutcome.NotChecked, "the preconditions allow no arguments");
        }

        var verdicts = new List<ConditionVerdict>();
        foreach (var condition in problem.Ensures)
        {
            verdicts.Add(await CheckAsync(problem, signature, script, allowed, result, condition, cancellationToken));
        }

        return verdicts;
    }

    private async Task<ConditionVerdict> CheckAsync(
        Problem problem, FunctionSource signature, SmtScript script, SmtTerm allowed, FunctionResult result, string condition, CancellationToken cancellationToken)
    {
        SmtTerm holds;
        SmtTerm fails;
        try
        {
            var names = Names(signature, script);
            names[Result] = result.Value;
            holds = AllOf(script, [condition], names);
            fails = script.Name(result.Fails);
        }
        catch (NotCheckableException exception)
        {
            return new ConditionVerdict(condition, ConditionOutcome.NotChecked, $"the condition: {exception.Message}");
        }

        // Whether it fails is asked for beside the arguments, to say which of the two it is.
        var answer = await solver!.SolveAsync(script.Asking([allowed, SmtTerm.Or(fails, SmtTerm.Not(holds))], fails), cancellationToken);
        return answer.Kind switch
        {
            SmtAnswerKind.Unsatisfiable => new ConditionVerdict(condition, ConditionOutcome.Proved, ""),
            SmtAnswerKind.Unknown => new ConditionVerdict(condition, ConditionOutcome.Unknown, answer.Detail),
            _ => Refuted(problem, signature, script, condition, answer, answer.Values.GetValueOrDefault(fails.Text) == "True" ? string.Join(", or ", result.Reasons.Distinct()) : ""),
        };
    }

    private static ConditionVerdict Refuted(
        Problem problem, FunctionSource signature, SmtScript script, string condition, SmtAnswer answer, string failure)
    {
        var values = script.Arguments.Select(argument => answer.Values.GetValueOrDefault(argument.Text)).ToList();
        if (values.Contains(null))
        {
            return new ConditionVerdict(condition, ConditionOutcome.Unknown, "the solver names no arguments for what it found");
        }

        var arguments = string.Join(", ", values);
        var words = string.Join(", ", signature.Parameters.Zip(values, (parameter, value) => $"{parameter.Name} = {value}"));
        var names = string.Join(", ", signature.Parameters.Select(parameter => parameter.Name).Append(Result));
        return new ConditionVerdict(condition, ConditionOutcome.Refuted, $"{words}: {(failure.Length > 0 ? failure : "it does not hold")}")
        {
            Counterexample = new AssertionTest(
                $"assert (lambda {names}: {condition})({arguments}{(values.Count > 0 ? ", " : "")}{problem.EntryPoint}({arguments}))"),
        };
    }

    private static SmtTerm AllOf(SmtScript script, IReadOnlyList<string> conditions, Dictionary<string, SmtTerm> names)
    {
        var all = SmtTerm.True;
        foreach (var condition in conditions)
        {
            var lines = CheckLine.Split(condition);
            if (lines.Count != 1)
            {
                throw new NotCheckableException($"\"{PythonAssertions.Shorten(condition)}\" is not one expression");
            }

            // Where the condition itself would raise it does not hold.
            var raises = SmtTerm.False;
            var reader = new ExpressionReader(lines[0].Tokens, names, script.Share, (when, _) => raises = SmtTerm.Or(raises, when));
            var term = reader.Read(0, out var end).AsBool();
            all = end == lines[0].Tokens.Count
                ? script.Share(SmtTerm.And(all, SmtTerm.And(term, SmtTerm.Not(raises))))
                : throw new NotCheckableException($"\"{lines[0].Tokens[end].Text}\" is not covered");
        }

        return all;
    }

    private static Dictionary<string, SmtTerm> Names(FunctionSource signature, SmtScript script) =>
        signature.Parameters.Zip(script.Arguments).ToDictionary(one => one.First.Name, one => one.Second, StringComparer.Ordinal);

    private static SmtSort SortOf(FunctionParameter parameter) => parameter.Type switch
    {
        "int" => SmtSort.Int,
        "bool" => SmtSort.Bool,
        _ => throw new NotCheckableException($"the parameter {parameter.Name} of type \"{PythonAssertions.Shorten(parameter.Type)}\" is not covered: int and bool are"),
    };

    private static IReadOnlyList<ConditionVerdict> Same(Problem problem, ConditionOutcome outcome, string detail) =>
        [.. problem.Ensures.Select(condition => new ConditionVerdict(condition, outcome, detail))];
}
