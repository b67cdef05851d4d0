fn deeper(n: u64) -> u64 {
    if n == u64::MAX { 0 } else { std::hint::black_box(deeper(std::hint::black_box(n + 1))) + n }
}

fn main() {
    println!("{}", deeper(0));
}
