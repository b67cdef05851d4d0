fn main() {
    println!("{}", option_env!("CARGO_HOME").unwrap_or("none"));
    println!("{}", option_env!("USER").unwrap_or("none"));
    println!("{}", env!("HOME"));
}
