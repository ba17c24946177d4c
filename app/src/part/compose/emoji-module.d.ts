// Emojis with their names, as vite.config.ts makes them of emojibase-data.
declare module '#emoji/en' {
  const lines: string;
  export default lines;
}
declare module '#emoji/de' {
  const lines: string;
  export default lines;
}
