var kept = new List<byte[]>();
while (true)
{
    var part = new byte[1 << 20];
    Array.Fill(part, (byte)1);
    kept.Add(part);
}
