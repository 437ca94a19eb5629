/** Small line drawings for empty pages; ink only. */

const drawings = {
  letter: (
    <>
      <path d="M22 34h76v50H22z" />
      <path d="m22 36 38 28 38-28" />
      <path d="M8 92c20-5 84-5 104 0" opacity=".5" />
      <path d="M88 16c5-6 10-7 14-3M102 13c4-4 8-4 11 0" />
    </>
  ),
  pond: (
    <>
      <path d="M12 76c16-6 32-6 48 0s32 6 48 0" />
      <path d="M24 88c12-4 24-4 36 0s24 4 36 0" opacity=".5" />
      <path d="M84 74V34M84 50c6-8 12-10 18-10M84 60c-6-6-10-8-16-8" />
      <ellipse cx="84" cy="27" rx="3" ry="8" />
      <path d="M22 24c6-7 11-8 16-4 5-4 10-4 14 2" />
    </>
  ),
  people: (
    <>
      <circle cx="46" cy="38" r="12" />
      <path d="M24 80c2-16 10-24 22-24s20 8 22 24" />
      <circle cx="80" cy="44" r="9" opacity=".6" />
      <path d="M74 60c12-4 22 4 24 20" opacity=".6" />
      <path d="M10 90c24-5 76-5 100 0" opacity=".5" />
    </>
  ),
  talk: (
    <>
      <path d="M18 26h52v34H40L28 70V60H18z" />
      <path d="M80 44h22v28h-8v9l-11-9H56v-6" opacity=".6" />
      <path d="M28 38h32M28 48h20" />
    </>
  ),
  tags: (
    <>
      <path d="M22 30h34l36 36-30 28-40-38z" />
      <circle cx="37" cy="44" r="4" />
      <path d="M70 24h16l18 18" opacity=".6" />
    </>
  ),
  search: (
    <>
      <circle cx="54" cy="46" r="24" />
      <path d="m72 64 22 22M44 42c3-7 8-10 15-9" />
      <path d="M10 92c20-4 40-4 60 0" opacity=".5" />
    </>
  ),
  done: (
    <>
      <path d="M16 78c18-6 70-6 88 0" />
      <path d="M40 50l14 14 28-32" />
      <path d="M84 16c5-6 10-7 14-3 4-4 8-4 11 0" opacity=".6" />
    </>
  ),
  key: (
    <>
      <circle cx="42" cy="50" r="18" />
      <path d="M60 50h44M88 50v14M100 50v10" />
      <circle cx="38" cy="50" r="4" />
    </>
  ),
  broken: (
    <>
      <path d="M14 74c10-5 20-5 30 0M76 74c10-5 20-5 30 0" />
      <path d="M52 74l6-14-8-10 12-18" />
      <path d="M22 24c6-7 11-8 16-4 5-4 10-4 14 2" opacity=".6" />
    </>
  ),
};
export type DrawingName = keyof typeof drawings;

export function Drawing({ name }: { name: DrawingName }) {
  return (
    <svg
      className="drawing"
      viewBox="0 0 120 104"
      width={120}
      height={104}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
