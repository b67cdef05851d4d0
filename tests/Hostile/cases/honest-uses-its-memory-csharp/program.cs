var kept = new List<byte[]>();
for (var i = 0; i < 100; i++)
{
    var part = new byte[1 << 20];
    Array.Fill(part, (byte)1);
    kept.Add(part);
}

Console.WriteLine(kept.Count);
