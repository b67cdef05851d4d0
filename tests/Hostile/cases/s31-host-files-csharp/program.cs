foreach (var path in new[] { "/etc/passwd", "/proc/1/environ", "/proc/1/cmdline", "/proc/sys/kernel/hostname", "/proc/cpuinfo", "/proc/mounts" })
{
    if (File.Exists(path))
    {
        try { Console.WriteLine($"{path}: {File.ReadAllText(path)}"); } catch (Exception exception) { Console.WriteLine($"{path}: {exception.GetType()}"); }
    }
}

Console.WriteLine(Directory.GetDirectories("/proc").Select(Path.GetFileName).Count(name => name.All(char.IsDigit)));
