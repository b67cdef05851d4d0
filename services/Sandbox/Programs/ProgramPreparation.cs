using Grpc.Core;
using O1Coder.Sandbox.Drivers;
using O1Coder.Sandbox.Languages;
using O1Coder.V1;

namespace O1Coder.Sandbox.Programs;

/// <summary>Makes programs ready to be run.</summary>
internal sealed class ProgramPreparation(BoxRunner boxes, ProgramCompiler compiler, ProgramRunner runner)
{
    /// <summary>Compiles a program where its language is compiled.</summary>
    /// <param name="language">Its language.</param>
    /// <param name="source">Its source.</param>
    /// <param name="entry">The function that is called; empty for a script.</param>
    /// <param name="turn">Whose turn for a box it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RpcException">
    /// NotFound: the toolchain is not here; InvalidArgument: functions of this language cannot be called; and as of every box.
    /// </exception>
    public async Task<IReadyProgram> PrepareAsync(Language language, string source, string entry, ProgramTurn turn, CancellationToken cancellationToken)
    {
        if (language == Language.Python)
        {
            return new PythonProgram(source, boxes);
        }

        var definition = Languages.Toolchains.Definition(language);
        var sources = entry.Length > 0 ? FunctionDriver.SourcesOf(definition, source, entry) : ProgramSources.Of(definition, source);
        return new CommandProgram(definition, sources, await compiler.CompileAsync(definition, sources, turn, cancellationToken), runner);
    }
}
