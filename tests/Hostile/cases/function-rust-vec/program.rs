fn f(items: &mut Vec<i64>, k: i64) -> Vec<i64> { items.push(k); items.iter().map(|x| x * x).collect() }
