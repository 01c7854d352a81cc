use std::io::BufRead;

// The host calls of docs/skills.md are imported like this:
// #[link(wasm_import_module = "sovereign")]
// unsafe extern "C" {
//     fn assert(facts: *const u8, length: usize) -> i32;
// }

fn main() {
    let mut name = String::new();
    match std::io::stdin().lock().read_line(&mut name) {
        Ok(0) | Err(_) => {
            eprintln!("nobody to greet");
            std::process::exit(1);
        }
        Ok(_) => println!("{{\"greeting\":\"hello {}\"}}", name.trim_end()),
    }
}
