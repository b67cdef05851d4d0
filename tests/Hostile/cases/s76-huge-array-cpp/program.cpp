char a[1 << 30] = {1};
int main() { return a[5]; }
