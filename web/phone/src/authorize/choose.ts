import type { PermissionSet, Scanner } from "../api/types";

/** The accounts a scanner of this role could choose; `biz_appid` in the link leaves only that one. */
export function accountsOf(scanners: Scanner[], role: Scanner["role"], bizAppid: string | null) {
  return scanners
    .filter((s) => s.role === role && s.appid && (!bizAppid || s.appid === bizAppid))
    .map((s) => ({ appid: s.appid ?? "", account: s.nick_name || s.name, who: s.nick_name ? s.name : "" }));
}

/** Why the sandbox will not take the code, as far as its answer tells. */
export function expiry(status: number, message: string): "used" | "expired" | "unknown" | null {
  if (status === 404 || /no such pre_auth_code/i.test(message)) return "unknown";
  if (/used|用过|已使用/i.test(message)) return "used";
  if (status === 410 || /expire|过期/i.test(message)) return "expired";
  return null;
}

/** Sets by number, those only one platform may hold last, so that they are read on their own. */
export function grouped(sets: PermissionSet[]): PermissionSet[] {
  return [...sets].sort((a, b) => Number(a.exclusive) - Number(b.exclusive) || a.id - b.id);
}
