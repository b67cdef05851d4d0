#define main other
int main() { return 0; }
#undef main
int main() { return 0; }
