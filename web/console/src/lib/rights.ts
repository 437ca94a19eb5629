/** Why something is off, in words: account functions (R8, R10, R11) and the person's own role. */
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/queries";
import type { Account, AccountFunction, Capability, FunctionRight } from "@/api/types";
import { usePrefs } from "./prefs";

export function useReasons() {
  const { t } = useTranslation();
  const { language } = usePrefs();
  const setName = (account: Account, id: number | null) => {
    const set = account.permission_sets.find((one) => one.id === id);
    return set ? (language === "zh-CN" ? set.name_zh : set.name_en) : String(id ?? "");
  };
  /** `null` when allowed. */
  const why = (account: Account, right: FunctionRight | undefined): string | null => {
    if (!right || right.allowed) return null;
    if (right.code === "set") return t("reasons.set", { set: setName(account, right.set) });
    if (right.code === "unbound") return t("reasons.unbound");
    if (right.code === "listen_only") return t("reasons.listen_only");
    if (right.code === "type") {
      return account.kind === "subscription" ? t("reasons.type_subscription") : t("reasons.type");
    }
    return t("reasons.off");
  };
  const whyFunction = (account: Account, name: AccountFunction) =>
    why(
      account,
      account.functions.find((right) => right.function === name),
    );
  return { setName, why, whyFunction };
}

/** The reason a control is off for this person, or `null`. */
export function useNotAllowed(capability: Capability): string | null {
  const { t } = useTranslation();
  return useCan(capability) ? null : t("reasons.role");
}

/** Binding, unbinding and deleting accounts is the owners' alone. */
export function useMayNotBind(): string | null {
  const { t } = useTranslation();
  return useCan("accounts:bind") ? null : t("reasons.owner");
}
