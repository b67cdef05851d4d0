using System.Text.Json;

namespace O1Coder.Coordinator.Seeing;

/// <summary>Names of the protocol as tree.json writes them.</summary>
internal static class Words
{
    /// <summary>"DefineStructure" as "define_structure".</summary>
    public static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
