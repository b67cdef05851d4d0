var kept = new List<byte[]>();
try
{
    while (true) { kept.Add(new byte[8 << 20]); }
}
catch (OutOfMemoryException)
{
    kept = null;
}

Console.WriteLine("caught");
