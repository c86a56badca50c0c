// Rust: boxes, vectors, strings and reallocation through the standard allocator. Talks by unbuffered
// reads and writes.
use std::fs::File;
use std::io::{Read, Write};
use std::mem::{forget, ManuallyDrop};
use std::os::unix::io::FromRawFd;

/// As std::hint::black_box(), which Rust has since 1.66: distributions still bring 1.63.
fn black_box<T>(value: T) -> T {
    let same = unsafe { std::ptr::read_volatile(&value) };
    forget(value);
    same
}

type Step = (&'static str, fn());

#[inline(never)]
fn by_box() {
    forget(black_box(Box::new([1u8; 321])));
}

#[inline(never)]
fn by_box_freed() {
    drop(black_box(Box::new([1u8; 321])));
}

#[inline(never)]
fn by_vec() {
    forget(black_box(Vec::<u64>::with_capacity(1000)));
}

#[inline(never)]
fn by_vec_huge() {
    forget(black_box(Vec::<u8>::with_capacity(1 << 20)));
}

#[inline(never)]
fn by_zeroed_vec() {
    forget(black_box(vec![0u8; black_box(5000)]));
}

/// One block of 4000 bytes: the 100 it began with were given back.
#[inline(never)]
fn by_grown_vec() {
    let mut bytes = Vec::<u8>::with_capacity(100);
    black_box(&mut bytes).reserve_exact(4000);
    forget(black_box(bytes));
}

#[inline(never)]
fn by_string() {
    forget(black_box(String::from("seventeen letters")));
}

#[repr(align(256))]
struct Aligned {
    _bytes: [u8; 512],
}

/// Older standard libraries keep no frame pointers: their caller, which is this, is then not in the stack.
#[inline(never)]
fn aligned_box() -> Box<Aligned> {
    black_box(Box::new(Aligned { _bytes: [2; 512] }))
}

#[inline(never)]
fn by_aligned_box() {
    forget(black_box(aligned_box()));
}

const STEPS: &[Step] = &[
    ("by_box", by_box),
    ("by_box_freed", by_box_freed),
    ("by_vec", by_vec),
    ("by_vec_huge", by_vec_huge),
    ("by_zeroed_vec", by_zeroed_vec),
    ("by_grown_vec", by_grown_vec),
    ("by_string", by_string),
    ("by_aligned_box", by_aligned_box),
];

/// Reads one line into `line` without allocating; false at the end of file.
fn next_line(input: &mut File, line: &mut [u8; 256], length: &mut usize) -> bool {
    *length = 0;
    let mut byte = [0u8];
    loop {
        match input.read(&mut byte) {
            Ok(1) if byte[0] == b'\n' => return true,
            Ok(1) if *length < line.len() => {
                line[*length] = byte[0];
                *length += 1;
            }
            _ => return false,
        }
    }
}

fn say(output: &mut File, parts: [&[u8]; 3]) {
    for part in parts {
        output.write_all(part).expect("stdout");
    }
}

fn main() {
    // Never closed: they are the process's own stdin and stdout.
    let mut input = ManuallyDrop::new(unsafe { File::from_raw_fd(0) });
    let mut output = ManuallyDrop::new(unsafe { File::from_raw_fd(1) });
    let pid = std::process::id().to_string();
    say(&mut output, [b"ready ", pid.as_bytes(), b"\n"]);
    let (mut line, mut length) = ([0u8; 256], 0);
    while next_line(&mut input, &mut line, &mut length) {
        let text = std::str::from_utf8(&line[..length]).unwrap_or("");
        let (name, count) = text.split_once(' ').unwrap_or((text, "1"));
        if name == "exit" {
            std::process::exit(count.parse().unwrap_or(0));
        }
        let step = STEPS.iter().find(|(known, _)| *known == name);
        if let Some((_, run)) = step {
            (0..count.parse().unwrap_or(0)).for_each(|_| run());
        }
        let answer: &[u8] = if step.is_some() { b"done " } else { b"unknown " };
        say(&mut output, [answer, name.as_bytes(), b"\n"]);
    }
}
