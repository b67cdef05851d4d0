fn main() {
    println!("42");
}
}} this is no program
