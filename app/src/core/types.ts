// The nouns of the border between page and core. To be replaced by the file that Rust generates.

export type Request = { command: string; [field: string]: unknown };
export type Answers = Record<string, Record<string, unknown>>;
export type CoreEvent = { event: string; [field: string]: unknown };
