Console.WriteLine(Deeper(600000));

static long Deeper(int left) => left == 0 ? 0 : Deeper(left - 1) + 1;
