/** Time zones this browser knows, the likely ones first. */
const likely = ["Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "UTC"];

export function zoneOptions(current: string) {
  const all = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  return [...new Set([current, ...likely, ...all])]
    .filter(Boolean)
    .map((zone) => ({ value: zone, label: zone }));
}
