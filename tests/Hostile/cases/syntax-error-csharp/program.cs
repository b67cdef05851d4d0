Console.WriteLine(42);
}} this is no program
