Console.WriteLine(Deeper(0));

static int Deeper(int n) => Deeper(n + 1) + n;
