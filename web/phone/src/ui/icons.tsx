/** Line drawings of our own, 20 × 20, drawn with the colour of the text around them. */
import type { ReactNode } from "react";

const drawings = {
  back: <path d="M12.5 4.5 7 10l5.5 5.5" />,
  close: <path d="m5 5 10 10M15 5 5 15" />,
  search: (
    <>
      <circle cx="9" cy="9" r="5" />
      <path d="m13 13 4 4" />
    </>
  ),
  scan: (
    <path d="M3.5 7V4.5a1 1 0 0 1 1-1H7M13 3.5h2.5a1 1 0 0 1 1 1V7M16.5 13v2.5a1 1 0 0 1-1 1H13M7 16.5H4.5a1 1 0 0 1-1-1V13M3 10h14" />
  ),
  chats: (
    <path d="M3.5 5.5a1.5 1.5 0 0 1 1.5-1.5h10a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-4 3v-3a1.5 1.5 0 0 1-1.5-1.5z" />
  ),
  me: (
    <>
      <circle cx="10" cy="7" r="3.2" />
      <path d="M3.8 16.8c.7-3.2 3.2-4.8 6.2-4.8s5.5 1.6 6.2 4.8" />
    </>
  ),
  keyboard: (
    <>
      <rect x="2.5" y="5" width="15" height="10" rx="1.5" />
      <path d="M5.5 8h.01M8.5 8h.01M11.5 8h.01M14.5 8h.01M6 12h8" />
    </>
  ),
  menu: <path d="M4 6h12M4 10h12M4 14h8" />,
  plus: <path d="M10 4v12M4 10h12" />,
  send: <path d="M3.5 10 16.5 4l-4 12.5-3-5z M9.5 11.5l7-7.5" />,
  picture: (
    <>
      <rect x="3" y="4" width="14" height="12" rx="1.5" />
      <circle cx="7" cy="8" r="1.3" />
      <path d="m4 15 4.5-4 2.5 2.2 3-3.2 3 3.2" />
    </>
  ),
  place: (
    <>
      <path d="M10 17.5c3.5-3.8 5.2-6.5 5.2-8.8a5.2 5.2 0 0 0-10.4 0c0 2.3 1.7 5 5.2 8.8z" />
      <circle cx="10" cy="8.6" r="1.8" />
    </>
  ),
  voice: (
    <path d="M10 3a2.2 2.2 0 0 1 2.2 2.2v4.6a2.2 2.2 0 0 1-4.4 0V5.2A2.2 2.2 0 0 1 10 3zM4.8 9.5a5.2 5.2 0 0 0 10.4 0M10 14.7V17" />
  ),
  video: (
    <path d="M3 6a1 1 0 0 1 1-1h7.5a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM12.5 9l4.5-2.5v7L12.5 11" />
  ),
  link: (
    <path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l1-1" />
  ),
  play: <path d="M7 4.8v10.4l8.5-5.2z" />,
  pause: <path d="M7 5v10M13 5v10" />,
  music: (
    <>
      <path d="M8 14.5V5l8-1.5V13" />
      <circle cx="6" cy="14.5" r="2" />
      <circle cx="14" cy="13" r="2" />
    </>
  ),
  mini: (
    <path d="M10.5 7.2c.3-2.6 4.7-2.4 4.7.3 0 2.3-3.2 2-3.6 4.8-.4 3.2-6 3.2-6 0 0-2.8 3.7-2.2 4.2-4.5" />
  ),
  more: <path d="M5 10h.01M10 10h.01M15 10h.01" strokeWidth="2.6" />,
  reload: <path d="M15.8 8A6 6 0 1 0 16 11.5M16.2 4v4.2H12" />,
  out: (
    <path d="M11.5 4H16v4.5M16 4l-7 7M8.5 4.5h-3A1.5 1.5 0 0 0 4 6v8.5A1.5 1.5 0 0 0 5.5 16H14a1.5 1.5 0 0 0 1.5-1.5v-3" />
  ),
  clock: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 6.2V10l2.7 1.8" />
    </>
  ),
  up: <path d="M10 16V4.5M5.5 9 10 4.5 14.5 9" />,
  down: <path d="M10 4v11.5M5.5 11l4.5 4.5 4.5-4.5" />,
  chevron: <path d="m5.5 8 4.5 4.5L14.5 8" />,
  right: <path d="m8 5.5 4.5 4.5L8 14.5" />,
  check: <path d="m4.5 10.5 3.5 3.5 7.5-8" />,
  alert: <path d="M10 3.5 17.5 16h-15zM10 8v3.5M10 13.7h.01" />,
  eye: (
    <>
      <path d="M2.5 10S5.3 5 10 5s7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5z" />
      <circle cx="10" cy="10" r="2.2" />
    </>
  ),
  copy: (
    <>
      <rect x="7" y="7" width="9" height="9" rx="1.5" />
      <path d="M4.5 12.5A1 1 0 0 1 4 11.6V5.5A1.5 1.5 0 0 1 5.5 4h6.1a1 1 0 0 1 .9.5" />
    </>
  ),
  people: (
    <path d="M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.5 16c.5-2.8 2.5-4.2 5-4.2s4.5 1.4 5 4.2M13 9.2a2.3 2.3 0 1 0-.5-4.5M14 11.9c1.9.3 3.2 1.7 3.5 4.1" />
  ),
  sun: (
    <>
      <circle cx="10" cy="10" r="3.2" />
      <path d="M10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M15.3 4.7l-1.2 1.2M5.9 14.1l-1.2 1.2" />
    </>
  ),
  moon: <path d="M16 12.2A6.5 6.5 0 0 1 7.8 4a6.5 6.5 0 1 0 8.2 8.2z" />,
  auto: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 3.5v13A6.5 6.5 0 0 0 10 3.5z" fill="currentColor" />
    </>
  ),
  trash: <path d="M4 6h12M8 6V4.5h4V6M5.5 6l.7 10h7.6l.7-10M8.5 9v4.5M11.5 9v4.5" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}

/** The seal: a bird that carries letters. */
export function Seal({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect x="2" y="2" width="28" height="28" rx="7" fill="var(--accent)" />
      <path
        d="M6.5 18.5c4-1.2 6.5-3.6 8-7.5 1.2 2.6 3.2 4.2 6 4.6l5-2.1-2.6 4.6c-2.4 3.6-6 5.4-10.4 5.2l-4 1.7 2-3.3c-1.7-.7-3-1.8-4-3.2z"
        fill="#fbfaf7"
      />
    </svg>
  );
}
