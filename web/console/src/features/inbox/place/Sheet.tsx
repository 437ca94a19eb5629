/** The sheet of the small map before there is a map on it. */

export const sheet = { width: 280, height: 160 };

export function Pin() {
  return (
    <g
      className="place-pin"
      transform={`translate(${sheet.width / 2 - 14} ${sheet.height / 2 - 24.5}) scale(1.17)`}
    >
      <path d="M12 21c4.5-4.5 7-8 7-11a7 7 0 1 0-14 0c0 3 2.5 6.5 7 11z" />
      <circle cx="12" cy="10" r="2.5" />
    </g>
  );
}

export function Sheet() {
  return (
    <svg viewBox={`0 0 ${sheet.width} ${sheet.height}`} className="place-sheet" aria-hidden="true">
      <Pin />
    </svg>
  );
}
