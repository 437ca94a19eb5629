/** Our own line icons, one weight, drawn on a 24 grid. */

const shapes = {
  home: "M4 11.2 12 4.5l8 6.7V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1z",
  customers:
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.8 19.5c.5-3.2 3-5 6.2-5s5.7 1.8 6.2 5M15.5 4.9a3.5 3.5 0 0 1 0 6.2M17.6 14.9c2 .7 3.3 2.3 3.7 4.6",
  inbox: "M4 13.5 6.5 5h11L20 13.5V19H4zM4 13.5h5a3 3 0 0 0 6 0h5",
  note: "M5 4h14v10l-5 6H5zM14 20v-6h5M8.5 8.5h7M8.5 12h4",
  download: "M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15",
  clip: "M19 11.5 12 18.5a4.2 4.2 0 0 1-6-6l7.5-7.5a2.8 2.8 0 0 1 4 4L10 16.5a1.4 1.4 0 0 1-2-2l6.5-6.5",
  lightning: "M13 3 5 14h6l-1 7 8-11h-6z",
  hand: "M4 12h10M10 8l4 4-4 4M16 5h4v14h-4",
  replies:
    "M20 12.5c0 3.6-3.6 6.5-8 6.5-1 0-2-.15-2.9-.43L4.5 20l1.3-3.4C4.7 15.4 4 14 4 12.5 4 8.9 7.6 6 12 6s8 2.9 8 6.5zM8.5 11h7M8.5 14h4.5",
  accounts: "M5 4.5h14v15l-7-3.6-7 3.6zM9 9h6M9 12h4",
  settings:
    "M4 7h9M17 7h3M15 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM4 17h3M11 17h9M9 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  sun: "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  down: "m6.5 9.5 5.5 5.5 5.5-5.5",
  right: "m9.5 6.5 5.5 5.5-5.5 5.5",
  left: "m14.5 6.5-5.5 5.5 5.5 5.5",
  up: "m6.5 14.5 5.5-5.5 5.5 5.5",
  check: "m5 12.5 4.5 4.5L19 7.5",
  alert: "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.1",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.8v.1",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  external: "M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5",
  grip: "M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1",
  trash: "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5",
  duplicate: "M8 8h11v11H8zM5 16V5h11M13.5 11v5M11 13.5h5",
  image: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15 9.5v.1",
  voice: "M12 15a3 3 0 0 0 3-3V7a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5V20.5",
  video: "M4 6h11v12H4zM15 10.5l5-3v9l-5-3",
  music:
    "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  article: "M5 4h14v16H5zM8.5 8h7M8.5 12h7M8.5 16h4",
  silence: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.8 5.8l12.4 12.4",
  text: "M5 7V5h14v2M12 5v14M9.5 19h5",
  play: "M7 5l12 7-12 7z",
  pause: "M8 5v14M16 5v14",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.4M20 4.5v4.9h-4.9",
  phone: "M7 3h10v18H7zM11 18h2",
  key: "M14.5 14a5 5 0 1 0-4.7-3.3L4 16.5V20h3.5v-2.5H10V15l1.3-1.3c.9.2 2.1.3 3.2.3zM15.5 9v.1",
  tag: "M4 4.5h8L20 12.5 12.5 20 4.5 12zM8.5 8.5v.1",
  building: "M5 20V4h9v16M14 9h5v11M3 20h18M8 8h3M8 12h3M8 16h3",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.6-3.8 3.6-6 7.5-6s6.9 2.2 7.5 6",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  columns: "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
  undo: "M8 5 4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.5l3.5 2",
  send: "M20.5 4 3.5 11l7 2.5M20.5 4l-5.5 16.5-4.5-7M20.5 4l-10 9.5",
  scan: "M4 9V5a1 1 0 0 1 1-1h4M15 4h4a1 1 0 0 1 1 1v4M20 15v4a1 1 0 0 1-1 1h-4M9 20H5a1 1 0 0 1-1-1v-4M4 12h16",
  qrcode:
    "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM17.5 17.5H20V20h-2.5zM20 14v.1M14 20v.1M7 7v.1M17 7v.1M7 17v.1",
  keyboard: "M3 7h18v10H3zM6.5 10.5v.1M10 10.5v.1M13.5 10.5v.1M17 10.5v.1M8 14h8",
  edit: "M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5",
  leave: "M14 4h5v16h-5M4 12h11M11 8l4 4-4 4",
  join: "M10 4H5v16h5M20 12H9M13 8l-4 4 4 4",
  follow: "M9.5 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.5 20c.6-3.8 3.3-6 7-6s6.4 2.2 7 6M19 8v6M16 11h6",
  unfollow: "M9.5 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.5 20c.6-3.8 3.3-6 7-6s6.4 2.2 7 6M16 11h6",
  tap: "M10 11V6.5a1.7 1.7 0 0 1 3.4 0V12l3.6.9a2 2 0 0 1 1.5 2.3L17.5 20h-7L6 15.5a1.6 1.6 0 0 1 2.3-2.2L10 15",
  language:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c2.5 2.5 3.8 5.5 3.8 9s-1.3 6.5-3.8 9c-2.5-2.5-3.8-5.5-3.8-9S9.5 5.5 12 3z",
  import: "M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
  unlink: "M15.7 14l3-3A4 4 0 0 0 13 5.3l-1 1M8.3 10l-3 3A4 4 0 0 0 11 18.7l1-1M4 4l16 16",
  shield: "M12 3.5 5 6v6c0 4.5 3 7.5 7 8.5 4-1 7-4 7-8.5V6z",
  location:
    "M12 21c4.5-4.5 7-8 7-11a7 7 0 1 0-14 0c0 3 2.5 6.5 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  ear: "M7 10a5 5 0 1 1 10 0c0 3.5-3.5 4-3.5 7a2.8 2.8 0 0 1-5.3 1.2M10 10.5a2 2 0 1 1 3.5 1.4c-.8.8-1.5 1.2-1.5 2.3",
  broadcast: "M4 10v4h3.5l7.5 4.5v-13L7.5 10zM7.5 14v5h2.8v-3.4M18 9.3a4 4 0 0 1 0 5.4",
  flask: "M9.5 4h5M10.5 4v5.5L5 18.4A1.1 1.1 0 0 0 6 20h12a1.1 1.1 0 0 0 1-1.6L13.5 9.5V4M8 15h8",
  more: "M6 12v.1M12 12v.1M18 12v.1",
  template: "M5 4h14v16H5zM5 8.5h14M8.5 12.5h3M14 12.5h1.5M8.5 16h3M14 16h1.5",
  filter: "M4 6h16M7 12h10M10 18h4",
} as const;

export type IconName = keyof typeof shapes;
const dots = new Set<IconName>(["grip", "more"]);

export function Icon({ name, size = 16, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      className={className ? `icon ${className}` : "icon"}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={dots.has(name) ? 2.4 : size >= 20 ? 1.5 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={shapes[name]} />
    </svg>
  );
}
