//! Prints `js/phrases.js`, which has the words that a downloaded module only points at.

use offhook_core::{FIRST_PHRASE, PHRASES};

fn main() {
    println!("// Made by `cargo run --package offhook-core --example phrases`.\n\nconst PHRASES = [");
    for words in PHRASES {
        println!("  {},", serde_json::Value::from(*words));
    }
    println!(
        "];

/**
 * Puts the words in where the module only says which.
 *
 * @param {{string}} text
 */
export function spell(text) {{
  return text.replace(/[\\u{FIRST_PHRASE:x}-\\uf8ff]/g, (mark) => PHRASES[mark.charCodeAt(0) - 0x{FIRST_PHRASE:x}] ?? mark);
}}"
    );
}
