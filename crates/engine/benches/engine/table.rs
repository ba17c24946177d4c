//! The figures, as people and programs read them.

use std::{env, fs, time::Duration};

use serde_json::{Map, Value, json};

#[derive(Default)]
pub(crate) struct Table {
    lines: Vec<String>,
    figures: Map<String, Value>,
}

impl Table {
    fn add(&mut self, name: &str, value: f64, unit: &str) {
        let digits = if value < 10.0 { 2 } else { 0 };
        self.lines
            .push(format!("| {name} | {value:.digits$} | {unit} |"));
        self.figures
            .insert(name.to_owned(), json!({ "value": value, "unit": unit }));
    }

    pub(crate) fn rate(&mut self, name: &str, count: usize, took: Duration) {
        self.add(name, count as f64 / took.as_secs_f64(), "1/s");
        let each = took.as_secs_f64() * 1e6 / count as f64;
        self.add(&format!("{name}: each"), each, "us");
    }

    pub(crate) fn time(&mut self, name: &str, took: Duration) {
        self.add(name, took.as_secs_f64() * 1e3, "ms");
    }

    pub(crate) fn bytes(&mut self, name: &str, bytes: f64) {
        self.add(name, bytes, "B");
    }

    pub(crate) fn ratio(&mut self, name: &str, ratio: f64) {
        self.add(&format!("… {name}"), ratio, "times");
    }

    /// `limit` is what one of `count` takes at least.
    pub(crate) fn beside(&mut self, name: &str, count: usize, took: Duration, limit: Duration) {
        let each = took.as_secs_f64() / count as f64;
        self.ratio(name, each / limit.as_secs_f64());
    }

    pub(crate) fn beside_one(&mut self, name: &str, took: Duration, limit: Duration) {
        self.beside(name, 1, took, limit);
    }

    /// Prints everything; with `--json FILE` among the arguments it is also written there.
    pub(crate) fn print(self) {
        println!("| measured | value | unit |\n|---|---:|---|");
        for line in &self.lines {
            println!("{line}");
        }
        let mut arguments = env::args().skip_while(|argument| argument != "--json");
        if let Some(file) = arguments.nth(1) {
            let text = serde_json::to_vec_pretty(&Value::Object(self.figures)).expect("JSON");
            fs::write(&file, text).unwrap_or_else(|error| panic!("{file}: {error}"));
        }
    }
}
