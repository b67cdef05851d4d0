long sum = 0;
var threads = Enumerable.Range(1, 8).Select(part => new Thread(() => Interlocked.Add(ref sum, part))).ToList();
threads.ForEach(thread => thread.Start());
threads.ForEach(thread => thread.Join());
using var hash = System.Security.Cryptography.SHA256.Create();
Console.WriteLine($"{sum} {hash.ComputeHash(new byte[1]).Length}");
