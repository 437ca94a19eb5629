/** The goose that carries letters: the seal (logo), and the flock that flies over quiet pages. */

const goose =
  "M7.5 39.5c8.7 1.3 15.5.2 21-4.3 5.2-4.3 9.6-10.3 15.7-14.8 2.3-1.7 4.7-2.9 7.4-3.3l5.4 1.3-5.2 1.9c-1.8.7-3.1 2-4.1 3.9-3 5.6-5.5 11.5-10.3 16-6.8 6.4-18.5 7.6-29.9-.7z";
const nearWing = "M35 30.6C28.5 22.5 20.8 15.8 10 11.5c5 7.7 9.6 15.3 17 22.6z";
const farWing = "M37.6 28c.1-7.6-1.2-14.4-4.6-21 6.3 4.3 9.7 10 10.6 16.2z";

export function Seal({ size = 28, title }: { size?: number; title?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" role={title ? "img" : undefined} aria-hidden={title ? undefined : true} className="seal">
      {title ? <title>{title}</title> : null}
      <rect x="1" y="1" width="62" height="62" rx="13" fill="var(--seal)" />
      <g fill="#fffdf8" transform="translate(1 8)">
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
