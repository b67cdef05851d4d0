use std::{thread, time::Duration};

fn main() {
    for _ in 0..10000 {
        thread::spawn(|| thread::sleep(Duration::from_secs(60)));
    }
}
