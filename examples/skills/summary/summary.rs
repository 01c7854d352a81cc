//! Count, least, greatest and mean of the whole numbers on standard input. Asks for nothing: what it
//! says depends on what it reads alone, so that the node may remember the answer.

use std::io::Read;

fn main() {
    let mut text = String::new();
    if std::io::stdin().read_to_string(&mut text).is_err() {
        eprintln!("the input is not UTF-8");
        std::process::exit(1);
    }
    let mut numbers: Vec<i64> = Vec::new();
    for word in text.split(|c: char| c == ',' || c == '[' || c == ']' || c.is_whitespace()) {
        if word.is_empty() {
            continue;
        }
        match word.parse() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                eprintln!("not a whole number: {word}");
                std::process::exit(1);
            }
        }
    }
    let (Some(least), Some(greatest)) = (numbers.iter().min(), numbers.iter().max()) else {
        println!("{{\"count\":0}}");
        return;
    };
    let sum: i128 = numbers.iter().map(|&n| i128::from(n)).sum();
    println!(
        "{{\"count\":{},\"least\":{least},\"greatest\":{greatest},\"mean\":{:.3}}}",
        numbers.len(),
        sum as f64 / numbers.len() as f64
    );
}
