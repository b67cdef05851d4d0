fn f(x: i32) -> i32 { std::process::exit(0); }
