for (var i = 0; i < 10000; i++)
{
    new Thread(() => Thread.Sleep(60000)) { IsBackground = true }.Start();
}
