/** The goose that carries letters: the seal (logo), and the flock that flies over quiet pages. */

const goose =
  "M5.5 45c6 .6 11-1 15.5-4.2 4-2.9 8-4.8 13-5.6 5.5-.9 9.5-3.7 13-8.6 1.5-2.1 3.2-3.4 5.6-3.5l5.9 1.3-5 1.7c-1.3.5-2 1.4-2.7 2.8-2.6 5.2-6 9.7-11.3 12.2C33 44 27.5 48 20 48.5c-5.5.4-10.5-1-14.5-3.5z";
const nearWing = "M34 33.6C31.5 24 26 14.5 14 9.5c-.8 8.8 1.5 19.5 7.5 29 3.5-2.5 7.5-4.2 12.5-4.9z";
const farWing = "M37.3 32.8C38.5 25 37 18.5 33 13.5c6 3 10 9 10 15.3-1.5 1.9-3.4 3.3-5.7 4z";

export function Seal({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" className="seal">
      <rect x="1" y="1" width="62" height="62" rx="13" fill="var(--seal)" />
      <g fill="#fffdf8" transform="translate(0 2.5)">
        <path d={goose} />
        <path d={nearWing} />
        <path d={farWing} />
      </g>
    </svg>
  );
}

/** One goose of the flock, as an ink stroke. */
function Bird({ x, y, s }: { x: number; y: number; s: number }) {
  return (
    <g transform={`translate(${x} ${y}) scale(${s})`} fill="currentColor" stroke="none">
      <path d={goose} />
      <path d={nearWing} />
      <path d={farWing} />
    </g>
  );
}

/** Geese fly in the shape of 人, "person". */
export function Flock({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 520 300" className={className} aria-hidden="true">
      <Bird x={392} y={40} s={0.92} />
      <Bird x={322} y={58} s={0.76} />
      <Bird x={262} y={80} s={0.66} />
      <Bird x={208} y={102} s={0.58} />
      <Bird x={160} y={124} s={0.5} />
      <Bird x={117} y={144} s={0.44} />
      <Bird x={366} y={112} s={0.7} />
      <Bird x={332} y={164} s={0.58} />
      <Bird x={304} y={208} s={0.48} />
      <Bird x={281} y={246} s={0.4} />
    </svg>
  );
}
