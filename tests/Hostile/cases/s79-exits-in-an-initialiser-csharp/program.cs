using System.Runtime.CompilerServices;

public static class Program
{
    [ModuleInitializer]
    public static void First() => Environment.Exit(0);

    public static void Main() => Console.WriteLine(42);
}
