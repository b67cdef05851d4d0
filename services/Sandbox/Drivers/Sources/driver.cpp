@HEADERS@
#include <unistd.h>

// Stands before the program: reads one call from standard input and answers on descriptor 3. Parameters and results are
// numbers, bool, char, std::string, and containers, pairs, tuples and optionals of these.
namespace o1coder {
struct Value {
    char tag = 'N';
    std::string text;
    std::vector<Value> items;
};

struct Fault { std::string kind, why; };

[[noreturn]] inline void refuse(const std::string& expected) { throw std::invalid_argument("an argument is not " + expected); }

struct Reader {
    std::string data;
    std::size_t at = 4;
    Value read() {
        Value value{data.at(at++), {}, {}};
        if (std::string_view("NTF").find(value.tag) != std::string_view::npos) return value;
        std::size_t count = 0;
        while (data.at(at) != ':') count = count * 10 + static_cast<std::size_t>(data[at++] - '0');
        at++;
        if (std::string_view("ltSd").find(value.tag) != std::string_view::npos) {
            for (std::size_t i = 0; i < (value.tag == 'd' ? 2 * count : count); i++) value.items.push_back(read());
        } else {
            value.text = data.substr(at, count);
            at += count;
        }
        return value;
    }
};

struct Writer {
    std::string out;
    void put(std::string_view text) {
        out += text;
        if (out.size() > 8u << 20) throw Fault{"output-limit", "the value takes more than 8388608 bytes"};
    }
    void content(char tag, std::string_view text) { put(tag + std::to_string(text.size()) + ":"); put(text); }
    void count(char tag, std::size_t items) { put(tag + std::to_string(items) + ":"); }
};

template <class T> struct Kind;
template <class T> concept Sequence = requires(T t) { typename T::value_type; t.begin(); t.end(); t.insert(t.end(), std::declval<typename T::value_type>()); }
    && !requires { typename T::key_type; } && !std::is_same_v<T, std::string>;
template <class T> concept Mapping = requires { typename T::mapped_type; typename T::key_type; };
template <class T> concept Setting = requires { typename T::key_type; } && !Mapping<T>;
template <class T> concept Number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>;

template <> struct Kind<bool> {
    static bool from(const Value& v) { if (v.tag != 'T' && v.tag != 'F') refuse("true or false"); return v.tag == 'T'; }
    static void to(Writer& w, bool v) { w.put(v ? "T" : "F"); }
};
template <> struct Kind<char> {
    static char from(const Value& v) { if (v.tag != 's' || v.text.size() != 1) refuse("a text of one character"); return v.text[0]; }
    static void to(Writer& w, char v) { w.content('s', std::string(1, v)); }
};
template <> struct Kind<std::string> {
    static std::string from(const Value& v) { if (v.tag != 's') refuse("a text"); return v.text; }
    static void to(Writer& w, const std::string& v) { w.content('s', v); }
};
template <> struct Kind<const char*> { static void to(Writer& w, const char* v) { v ? w.content('s', v) : w.put("N"); } };
template <> struct Kind<std::string_view> { static void to(Writer& w, std::string_view v) { w.content('s', v); } };
template <> struct Kind<std::nullptr_t> { static void to(Writer& w, std::nullptr_t) { w.put("N"); } };
template <Number T> struct Kind<T> {
    static T from(const Value& v) {
        if constexpr (std::is_floating_point_v<T>) {
            if (v.tag == 'f') return static_cast<T>(std::strtod(v.text.c_str(), nullptr));
            if (v.tag != 'i') refuse("a number");
            double value = 0;
            for (char c : v.text) if (c != '-') value = value * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
            return static_cast<T>(v.text[0] == '-' ? -value : value);
        } else {
            T value{};
            if (v.tag != 'i') refuse("an integer");
            auto [end, error] = std::from_chars(v.text.data(), v.text.data() + v.text.size(), value, 16);
            if (error != std::errc() || end != v.text.data() + v.text.size()) refuse("an integer that its type holds");
            return value;
        }
    }
    static void to(Writer& w, T v) {
        char text[64];
        if constexpr (std::is_floating_point_v<T>) {
            std::snprintf(text, sizeof text, "%.17g", static_cast<double>(v));
            w.content('f', std::isnan(v) ? "nan" : text);
        } else {
            w.content('i', std::string_view(text, std::to_chars(text, text + sizeof text, v, 16).ptr));
        }
    }
};
template <Sequence T> struct Kind<T> {
    static T from(const Value& v) {
        T made;
        if (v.tag != 'l' && v.tag != 't') refuse("a list");
        for (const auto& item : v.items) made.insert(made.end(), Kind<typename T::value_type>::from(item));
        return made;
    }
    static void to(Writer& w, const T& v) { w.count('l', v.size()); for (const auto& item : v) Kind<typename T::value_type>::to(w, item); }
};
template <class T, std::size_t N> struct Kind<std::array<T, N>> {
    static std::array<T, N> from(const Value& v) {
        std::array<T, N> made{};
        if (v.tag != 'l' || v.items.size() != N) refuse("a list of " + std::to_string(N));
        for (std::size_t i = 0; i < N; i++) made[i] = Kind<T>::from(v.items[i]);
        return made;
    }
    static void to(Writer& w, const std::array<T, N>& v) { w.count('l', N); for (const auto& item : v) Kind<T>::to(w, item); }
};
template <Setting T> struct Kind<T> {
    static T from(const Value& v) {
        T made;
        if (v.tag != 'l' && v.tag != 'S') refuse("a list");
        for (const auto& item : v.items) made.insert(Kind<typename T::key_type>::from(item));
        return made;
    }
    // JSON has no sets: a sorted one is a list, and one without an order is a set.
    static void to(Writer& w, const T& v) {
        w.count(requires { typename T::hasher; } ? 'S' : 'l', v.size());
        for (const auto& item : v) Kind<typename T::key_type>::to(w, item);
    }
};
template <Mapping T> struct Kind<T> {
    static T from(const Value& v) {
        T made;
        if (v.tag != 'd') refuse("an object");
        for (std::size_t i = 0; i < v.items.size(); i += 2) {
            Value key = v.items[i];
            if constexpr (std::is_arithmetic_v<typename T::key_type> && !std::is_same_v<typename T::key_type, char>) {
                // A name of JSON's that is to be a number.
                char text[64];
                std::snprintf(text, sizeof text, "%s%llx", key.text[0] == '-' ? "-" : "", static_cast<unsigned long long>(std::llabs(std::atoll(key.text.c_str()))));
                key = Value{'i', text, {}};
            }
            made.emplace(Kind<typename T::key_type>::from(key), Kind<typename T::mapped_type>::from(v.items[i + 1]));
        }
        return made;
    }
    static void to(Writer& w, const T& v) {
        w.count('d', v.size());
        for (const auto& [key, item] : v) { Kind<typename T::key_type>::to(w, key); Kind<typename T::mapped_type>::to(w, item); }
    }
};
template <class... Ts> struct Kind<std::tuple<Ts...>> {
    static std::tuple<Ts...> from(const Value& v) {
        if (v.items.size() != sizeof...(Ts)) refuse("a list of " + std::to_string(sizeof...(Ts)));
        std::size_t i = 0;
        return std::tuple<Ts...>{Kind<Ts>::from(v.items[i++])...};
    }
    static void to(Writer& w, const std::tuple<Ts...>& v) {
        w.count('l', sizeof...(Ts));
        std::apply([&](const auto&... item) { (Kind<Ts>::to(w, item), ...); }, v);
    }
};
template <class A, class B> struct Kind<std::pair<A, B>> {
    static std::pair<A, B> from(const Value& v) {
        if (v.items.size() != 2) refuse("a list of 2");
        return {Kind<A>::from(v.items[0]), Kind<B>::from(v.items[1])};
    }
    static void to(Writer& w, const std::pair<A, B>& v) { w.count('l', 2); Kind<A>::to(w, v.first); Kind<B>::to(w, v.second); }
};
template <class T> struct Kind<std::optional<T>> {
    static std::optional<T> from(const Value& v) { return v.tag == 'N' ? std::nullopt : std::optional<T>(Kind<T>::from(v)); }
    static void to(Writer& w, const std::optional<T>& v) { if (v) Kind<T>::to(w, *v); else w.put("N"); }
};

template <class Function, class R, class... Ps> void answer(Function call, Writer& w, const std::vector<Value>& given) {
    if (given.size() != sizeof...(Ps)) throw std::invalid_argument("the function takes " + std::to_string(sizeof...(Ps)) + " arguments");
    std::size_t i = 0;
    std::tuple<std::remove_cvref_t<Ps>...> made{Kind<std::remove_cvref_t<Ps>>::from(given[i++])...};
    auto apply = [&]() -> R { return std::apply([&](auto&... arg) -> R { return call(static_cast<Ps>(arg)...); }, made); };
    if constexpr (std::is_void_v<R>) { apply(); w.put("N"); }
    else { decltype(auto) value = apply(); Kind<std::remove_cvref_t<R>>::to(w, value); }
}
template <class R, class... Ps> auto caller(R (*f)(Ps...)) { return [f](Writer& w, const std::vector<Value>& given) { answer<R (*)(Ps...), R, Ps...>(f, w, given); }; }
template <class C, class R, class... Ps> auto caller(R (C::*f)(Ps...)) {
    return [f](Writer& w, const std::vector<Value>& given) { C made{}; auto call = [&](Ps... args) -> R { return (made.*f)(static_cast<Ps>(args)...); }; answer<decltype(call), R, Ps...>(call, w, given); };
}
template <class C, class R, class... Ps> auto caller(R (C::*f)(Ps...) const) {
    return [f](Writer& w, const std::vector<Value>& given) { C made{}; auto call = [&](Ps... args) -> R { return (made.*f)(static_cast<Ps>(args)...); }; answer<decltype(call), R, Ps...>(call, w, given); };
}

inline void send(const std::string& body) {
    std::string frame(4, '\0');
    for (int i = 0; i < 4; i++) frame[static_cast<std::size_t>(i)] = static_cast<char>(body.size() >> (24 - 8 * i));
    frame += body;
    for (std::size_t done = 0; done < frame.size();) {
        auto part = ::write(3, frame.data() + done, frame.size() - done);
        if (part <= 0) std::abort();
        done += static_cast<std::size_t>(part);
    }
}

template <class Caller> int serve(Caller call) {
    Reader reader;
    char part[1 << 16];
    for (ssize_t count; (count = ::read(0, part, sizeof part)) > 0;) reader.data.append(part, static_cast<std::size_t>(count));
    Value asked = reader.read();
    std::string nonce = asked.items.at(0).text;
    auto opening = [&](Writer& w, std::size_t count, const char* kind) { w.count('l', count); w.content('s', kind); w.content('s', nonce); };
    Writer w;
    opening(w, 3, "value");
    try { call(w, asked.items.at(2).items); }
    catch (const Fault& fault) { w = Writer(); opening(w, 4, "unsendable"); w.content('s', fault.kind); w.content('s', fault.why); }
    send(w.out);
    return 0;
}
}

#define main o1coder_program_main
#include "program.cpp"
#undef main

int main() { return o1coder::serve(o1coder::caller(&@TARGET@)); }
