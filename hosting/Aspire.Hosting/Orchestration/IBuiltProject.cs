namespace O1Coder.Hosting;

/// <summary>
/// Where the build put a project's program, so that it is started without asking MSBuild again. No part of
/// Aspire's API; the generated classes of namespace <c>Projects</c> implement it.
/// </summary>
public interface IBuiltProject
{
    /// <summary>The path of the assembly.</summary>
    string TargetPath { get; }
}
