Console.WriteLine(42);
