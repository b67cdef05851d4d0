fn main() {
    let part: Vec<u8> = Vec::with_capacity(std::hint::black_box(1usize << 50));
    println!("{}", part.capacity());
}
