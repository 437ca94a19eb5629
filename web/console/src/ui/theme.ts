/**
 * The tokens of the look, once: the component library, the charts and our own style sheets all read them from here.
 * Ink on paper, one lake blue-green to act with, one seal red for what needs a person.
 */
import { theme as antd, type ThemeConfig } from "antd";

interface Palette {
  ink: string;
  ink2: string;
  ink3: string;
  line: string;
  lineSoft: string;
  paper: string;
  surface: string;
  sunk: string;
  primary: string;
  primaryStrong: string;
  primarySoft: string;
  seal: string;
  sealSoft: string;
  ok: string;
  okInk: string;
  okSoft: string;
  warn: string;
  warnInk: string;
  warnSoft: string;
  shadow: string;
  bubble: string;
  bubbleMine: string;
  screen: string;
}

export const light: Palette = {
  ink: "#1d2733",
  ink2: "#5b6773",
  ink3: "#67727d",
  line: "#e6e8eb",
  lineSoft: "#eff0ee",
  paper: "#fbfaf7",
  surface: "#ffffff",
  sunk: "#f4f3ef",
  primary: "#1f6f78",
  primaryStrong: "#175860",
  primarySoft: "#e4f0f0",
  seal: "#c73e3a",
  sealSoft: "#fbebe9",
  ok: "#3d8b5f",
  okInk: "#2a6847",
  okSoft: "#e6f2ea",
  warn: "#c98a1b",
  warnInk: "#83590c",
  warnSoft: "#faf1de",
  shadow: "0 8px 28px rgba(29, 39, 51, 0.12)",
  bubble: "#ffffff",
  bubbleMine: "#d5e8e4",
  screen: "#efeeea",
};

export const dark: Palette = {
  ink: "#e5e7e6",
  ink2: "#a3adb5",
  ink3: "#8b969f",
  line: "#2d353d",
  lineSoft: "#252c33",
  paper: "#14191e",
  surface: "#1b2127",
  sunk: "#20272e",
  primary: "#56a9ae",
  primaryStrong: "#7cc0c3",
  primarySoft: "#1d3438",
  seal: "#e0655f",
  sealSoft: "#3a2526",
  ok: "#63b384",
  okInk: "#7cc498",
  okSoft: "#1f3329",
  warn: "#d9a441",
  warnInk: "#e0b55f",
  warnSoft: "#352c1b",
  shadow: "0 10px 32px rgba(0, 0, 0, 0.45)",
  bubble: "#283038",
  bubbleMine: "#24484a",
  screen: "#171c21",
};

export const fontFamily =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Helvetica Neue", Arial, sans-serif';

/** At most six, told apart by lightness as well as hue so that they survive colour blindness and grey print. */
export const series = {
  light: ["#1f6f78", "#c98a1b", "#5a7fb0", "#8d5a7a", "#7d9a4c", "#5b6773"],
  dark: ["#56a9ae", "#d9a441", "#8aa9d6", "#bd8bab", "#a5bf78", "#a3adb5"],
};

/** Written onto the root element so that style sheets say `var(--ink)`. */
export function cssVariables(isDark: boolean): Record<string, string> {
  const entries = Object.entries(isDark ? dark : light);
  return Object.fromEntries(
    entries.map(([name, value]) => [`--${name.replace(/([A-Z])/g, "-$1").toLowerCase()}`, value]),
  );
}

export function antdTheme(isDark: boolean): ThemeConfig {
  const p = isDark ? dark : light;
  return {
    algorithm: isDark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: "hy" },
    hashed: false,
    token: {
      colorPrimary: isDark ? "#2f8088" : p.primary,
      colorInfo: p.primary,
      colorLink: p.primary,
      colorSuccess: p.ok,
      colorWarning: p.warn,
      // The dark algorithm dims its seeds; this one starts brighter to end readable.
      colorError: isDark ? "#f0807a" : p.seal,
      colorTextBase: p.ink,
      colorBgBase: p.surface,
      colorText: p.ink,
      colorTextSecondary: p.ink2,
      colorTextTertiary: p.ink3,
      colorTextPlaceholder: p.ink3,
      colorBorder: isDark ? "#39434c" : "#d9dcdf",
      colorBorderSecondary: p.line,
      colorBgLayout: p.paper,
      colorBgContainer: p.surface,
      colorBgElevated: isDark ? "#222930" : p.surface,
      borderRadius: 6,
      borderRadiusLG: 8,
      fontSize: 14,
      fontFamily,
      lineHeight: 1.6,
      controlHeight: 34,
      boxShadow: p.shadow,
      boxShadowSecondary: p.shadow,
      boxShadowTertiary: "none",
      motionDurationMid: "0.15s",
      motionDurationSlow: "0.2s",
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none", fontWeight: 500 },
      Input: { activeShadow: `0 0 0 3px ${p.primarySoft}` },
      InputNumber: { activeShadow: `0 0 0 3px ${p.primarySoft}` },
      Form: { itemMarginBottom: 18, verticalLabelPadding: "0 0 4px", labelColor: p.ink2 },
      Modal: { titleFontSize: 16 },
      Segmented: { trackBg: p.sunk, itemSelectedBg: isDark ? "#313a42" : p.surface },
      Tooltip: { colorBgSpotlight: isDark ? "#3a444d" : "#2a3540", fontSize: 13 },
    },
  };
}
