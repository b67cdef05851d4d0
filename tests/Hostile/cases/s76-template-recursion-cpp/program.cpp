template <int n> struct Deep { static const int value = Deep<n - 1>::value + Deep<n - 2>::value; };
template <class T, class U> struct Pair { };
template <int n, class T> struct Grow { using type = typename Grow<n - 1, Pair<T, Pair<T, T>>>::type; };
template <class T> struct Grow<0, T> { using type = T; };
int main() { return sizeof(Grow<1000000, int>::type) + Deep<1 << 30>::value; }
