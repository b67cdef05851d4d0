using Microsoft.CodeAnalysis;

[Generator]
public class Generator : ISourceGenerator { }

public static class Program { public static void Main() { } }
