#![recursion_limit = "1000000"]
macro_rules! grow {
    ($($part:tt)*) => { grow!($($part)* $($part)* x) };
}

fn main() {
    grow!(a b c d);
}
