// Reads one call from standard input, calls the program's function and answers on descriptor 3.
mod o1coder {
    use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
    use std::hash::Hash;

    pub enum Value { Null, Bool(bool), Integer(String), Float(f64), Text(String), List(Vec<Value>), Map(Vec<(Value, Value)>) }

    pub struct Reader<'a> { pub data: &'a [u8], pub at: usize }

    impl Reader<'_> {
        pub fn read(&mut self) -> Value {
            let tag = self.data[self.at];
            self.at += 1;
            match tag { b'N' => return Value::Null, b'T' => return Value::Bool(true), b'F' => return Value::Bool(false), _ => {} }
            let mut count = 0usize;
            while self.data[self.at] != b':' { count = count * 10 + (self.data[self.at] - b'0') as usize; self.at += 1; }
            self.at += 1;
            match tag {
                b'l' | b't' | b'S' => return Value::List((0..count).map(|_| self.read()).collect()),
                b'd' => return Value::Map((0..count).map(|_| (self.read(), self.read())).collect()),
                _ => {}
            }
            let text = String::from_utf8_lossy(&self.data[self.at..self.at + count]).into_owned();
            self.at += count;
            match tag { b'i' => Value::Integer(text), b'f' => Value::Float(text.parse().unwrap()), _ => Value::Text(text) }
        }
    }

    pub struct Fault { pub kind: &'static str, pub why: String }

    pub struct Writer { pub out: Vec<u8>, pub fault: Option<Fault> }

    impl Writer {
        pub fn new() -> Writer { Writer { out: Vec::new(), fault: None } }
        pub fn put(&mut self, bytes: &[u8]) {
            if self.out.len() + bytes.len() > 8 << 20 {
                self.fault.get_or_insert(Fault { kind: "output-limit", why: "the value takes more than 8388608 bytes".to_string() });
            } else { self.out.extend_from_slice(bytes); }
        }
        pub fn count(&mut self, tag: char, count: usize) { self.put(format!("{}{}:", tag, count).as_bytes()); }
        pub fn content(&mut self, tag: char, text: &str) { self.count(tag, text.len()); self.put(text.as_bytes()); }
    }

    pub trait Take: Sized { fn take(value: &Value) -> Self; fn key(name: &str) -> Self { Self::take(&Value::Text(name.to_string())) } }
    pub trait Give { fn give(&self, writer: &mut Writer); }

    fn refuse(expected: &str) -> ! { panic!("an argument is not {}", expected) }

    macro_rules! integers { ($($kind:ty),*) => { $(
        impl Take for $kind {
            fn take(value: &Value) -> Self { match value { Value::Integer(text) => <$kind>::from_str_radix(text, 16).unwrap_or_else(|_| refuse("an integer that its type holds")), _ => refuse("an integer") } }
            fn key(name: &str) -> Self { name.parse().unwrap_or_else(|_| refuse("an integer")) }
        }
        impl Give for $kind { fn give(&self, writer: &mut Writer) {
            let digits = format!("{:x}", (*self as i128).unsigned_abs());
            let sign = if (*self as i128) < 0 { "-" } else { "" };
            writer.content('i', &format!("{}{}", sign, digits));
        } }
    )* } }
    integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize);

    macro_rules! floats { ($($kind:ty),*) => { $(
        impl Take for $kind { fn take(value: &Value) -> Self { match value {
            Value::Float(number) => *number as $kind,
            Value::Integer(text) => text.trim_start_matches('-').chars().fold(0.0, |sum, c| sum * 16.0 + c.to_digit(16).unwrap() as $kind) * if text.starts_with('-') { -1.0 } else { 1.0 },
            _ => refuse("a number"),
        } } }
        impl Give for $kind { fn give(&self, writer: &mut Writer) { writer.content('f', &format!("{:?}", *self as f64)); } }
    )* } }
    floats!(f32, f64);

    impl Take for bool { fn take(value: &Value) -> Self { match value { Value::Bool(flag) => *flag, _ => refuse("true or false") } } }
    impl Give for bool { fn give(&self, writer: &mut Writer) { writer.put(if *self { b"T" } else { b"F" }); } }
    impl Take for String { fn take(value: &Value) -> Self { match value { Value::Text(text) => text.clone(), _ => refuse("a text") } } }
    impl Give for String { fn give(&self, writer: &mut Writer) { writer.content('s', self); } }
    impl Give for str { fn give(&self, writer: &mut Writer) { writer.content('s', self); } }
    impl Take for char { fn take(value: &Value) -> Self { match value { Value::Text(text) if text.chars().count() == 1 => text.chars().next().unwrap(), _ => refuse("a text of one character") } } }
    impl Give for char { fn give(&self, writer: &mut Writer) { writer.content('s', &self.to_string()); } }
    impl Take for () { fn take(_: &Value) -> Self {} }
    impl Give for () { fn give(&self, writer: &mut Writer) { writer.put(b"N"); } }
    impl<T: Give + ?Sized> Give for &T { fn give(&self, writer: &mut Writer) { (**self).give(writer); } }
    impl<T: Take> Take for Box<T> { fn take(value: &Value) -> Self { Box::new(T::take(value)) } }
    impl<T: Give + ?Sized> Give for Box<T> { fn give(&self, writer: &mut Writer) { (**self).give(writer); } }
    impl<T: Take> Take for Option<T> { fn take(value: &Value) -> Self { match value { Value::Null => None, other => Some(T::take(other)) } } }
    impl<T: Give> Give for Option<T> { fn give(&self, writer: &mut Writer) { match self { Some(value) => value.give(writer), None => writer.put(b"N") } } }
    impl<T: Give, E> Give for Result<T, E> { fn give(&self, writer: &mut Writer) { match self { Ok(value) => value.give(writer), Err(_) => writer.content('O', "Err") } } }

    fn items(value: &Value) -> &Vec<Value> { match value { Value::List(items) => items, _ => refuse("a list") } }

    macro_rules! sequences { ($($kind:ident, $tag:literal, [$($bound:ident),*];)*) => { $(
        impl<T: Take $(+ $bound)*> Take for $kind<T> { fn take(value: &Value) -> Self { items(value).iter().map(T::take).collect() } }
        impl<T: Give> Give for $kind<T> { fn give(&self, writer: &mut Writer) { writer.count($tag, self.len()); for item in self { item.give(writer); } } }
    )* } }
    // JSON has no sets: one with an order is a list.
    sequences! { Vec, 'l', []; VecDeque, 'l', []; BTreeSet, 'l', [Ord]; HashSet, 'S', [Hash, Eq]; }

    macro_rules! maps { ($($kind:ident, [$($bound:ident),*];)*) => { $(
        impl<K: Take $(+ $bound)*, V: Take> Take for $kind<K, V> { fn take(value: &Value) -> Self { match value {
            Value::Map(pairs) => pairs.iter().map(|(key, item)| (match key { Value::Text(name) => K::key(name), other => K::take(other) }, V::take(item))).collect(),
            _ => refuse("an object"),
        } } }
        impl<K: Give, V: Give> Give for $kind<K, V> { fn give(&self, writer: &mut Writer) { writer.count('d', self.len()); for (key, item) in self { key.give(writer); item.give(writer); } } }
    )* } }
    maps! { HashMap, [Hash, Eq]; BTreeMap, [Ord]; }

    impl<T: Give> Give for [T] { fn give(&self, writer: &mut Writer) { writer.count('l', self.len()); for item in self { item.give(writer); } } }
    impl<T: Give, const N: usize> Give for [T; N] { fn give(&self, writer: &mut Writer) { self[..].give(writer); } }
    impl<T: Take, const N: usize> Take for [T; N] { fn take(value: &Value) -> Self { <[T; N]>::try_from(items(value).iter().map(T::take).collect::<Vec<T>>()).unwrap_or_else(|_| refuse("a list of its length")) } }

    macro_rules! tuples { ($(($($name:ident $at:tt),*))*) => { $(
        impl<$($name: Take),*> Take for ($($name,)*) { fn take(value: &Value) -> Self { ($($name::take(&items(value)[$at]),)*) } }
        impl<$($name: Give),*> Give for ($($name,)*) { fn give(&self, writer: &mut Writer) { writer.count('l', [$($at),*].len()); $(self.$at.give(writer);)* } }
    )* } }
    tuples! { (A 0) (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) (A 0, B 1, C 2, D 3, E 4) }
}

mod program {
    include!("program.rs");

    pub fn o1coder_answer(given: &[crate::o1coder::Value], writer: &mut crate::o1coder::Writer) {
        assert_eq!(given.len(), @COUNT@, "the function's parameters");
        @ARGUMENTS@
        crate::o1coder::Give::give(&@TARGET@, writer);
    }
}

fn main() {
    use std::io::{Read, Write};
    use std::os::fd::FromRawFd;
    let mut data = Vec::new();
    std::io::stdin().read_to_end(&mut data).unwrap();
    let asked = o1coder::Reader { data: &data, at: 4 }.read();
    let (nonce, given) = match asked {
        o1coder::Value::List(mut items) => match (items.remove(0), items.remove(1)) {
            (o1coder::Value::Text(nonce), o1coder::Value::List(given)) => (nonce, given),
            _ => panic!("no call"),
        },
        _ => panic!("no call"),
    };
    let opening = |count: usize, kind: &str| { let mut writer = o1coder::Writer::new(); writer.count('l', count); writer.content('s', kind); writer.content('s', &nonce); writer };
    let mut writer = opening(3, "value");
    program::o1coder_answer(&given, &mut writer);
    if let Some(fault) = writer.fault.take() {
        writer = opening(4, "unsendable");
        writer.content('s', fault.kind);
        writer.content('s', &fault.why);
    }
    let mut frame = (writer.out.len() as u32).to_be_bytes().to_vec();
    frame.extend(writer.out);
    unsafe { std::fs::File::from_raw_fd(3) }.write_all(&frame).unwrap();
}
