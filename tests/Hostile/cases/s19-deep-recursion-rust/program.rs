fn deeper(left: u32) -> u64 {
    let room = std::hint::black_box([left as u8; 1000]);
    if left == 0 { 0 } else { deeper(left - 1) + 1 + (room[0] as u64) * 0 }
}

fn main() {
    println!("{}", deeper(60000));
}
