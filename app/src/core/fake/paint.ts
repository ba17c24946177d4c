// Pictures and sounds for the made-up core.

/** A landscape in the colours of a seed. */
export async function picture(seed: number, width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const draw = canvas.getContext('2d');
  if (draw === null) throw new Error('no canvas');
  const hue = (seed * 47) % 360;
  const sky = draw.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue} 60% 62%)`);
  sky.addColorStop(1, `hsl(${(hue + 50) % 360} 70% 85%)`);
  draw.fillStyle = sky;
  draw.fillRect(0, 0, width, height);
  for (let layer = 0; layer < 4; layer++) {
    draw.fillStyle = `hsl(${(hue + 150 + layer * 12) % 360} 30% ${52 - layer * 11}%)`;
    draw.beginPath();
    draw.moveTo(0, height);
    for (let x = 0; x <= width; x += 8) {
      const wave = Math.sin(x / (90 - layer * 12) + seed + layer * 2) + Math.sin(x / 41 + layer);
      draw.lineTo(x, height * (0.52 + layer * 0.12) + wave * height * 0.05);
    }
    draw.lineTo(width, height);
    draw.fill();
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

/** Some seconds of a tone that swells, as a WAV file. */
export function sound(seconds: number): Blob {
  const rate = 8_000;
  const samples = new Int16Array(rate * seconds);
  for (let i = 0; i < samples.length; i++) {
    const swell = Math.abs(Math.sin(i / 2_600)) * Math.abs(Math.sin(i / 23_000 + 1));
    samples[i] = Math.sin(i * 0.2) * swell * 12_000;
  }
  const head = new DataView(new ArrayBuffer(44));
  const words = (at: number, text: string) =>
    [...text].forEach((letter, i) => head.setUint8(at + i, letter.charCodeAt(0)));
  words(0, 'RIFF');
  head.setUint32(4, 36 + samples.byteLength, true);
  words(8, 'WAVEfmt ');
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, rate, true);
  head.setUint32(28, rate * 2, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  words(36, 'data');
  head.setUint32(40, samples.byteLength, true);
  return new Blob([head.buffer, samples], { type: 'audio/wav' });
}
