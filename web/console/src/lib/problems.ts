/** A failure in the operator's language: by its code first, by the hub's own sentence when the code is new to us. */
import type { FormInstance } from "antd";
import i18next from "i18next";
import { ApiError } from "@/api/client";
import type { FieldProblem } from "@/api/types";

function exists(key: string) {
  return i18next.exists(key);
}

export function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return i18next.t("errors.unknown");
  if (error.code === "wechat_refused") {
    const code = String(error.params.errcode ?? "");
    const known = `wechat.e${code}`;
    if (exists(known)) return i18next.t(known as "errors.unknown", error.params);
    return i18next.t("errors.wechat_refused", {
      errcode: code,
      errmsg: String(error.params.errmsg ?? error.detail ?? ""),
    });
  }
  const key = `errors.${error.code}`;
  if (exists(key)) return i18next.t(key as "errors.unknown", error.params);
  return error.detail ?? i18next.t("errors.unknown");
}

/** One wrong field in words; a code that is new to us keeps the hub's own sentence. */
export function fieldText(problem: FieldProblem): string {
  const key = `fields.${problem.code}`;
  return exists(key) ? i18next.t(key as "errors.unknown") : (problem.message ?? i18next.t("errors.invalid"));
}

/** Puts the hub's field errors under their fields; true when every one of them found its place. */
export function showFieldProblems(form: FormInstance, error: unknown): boolean {
  if (!(error instanceof ApiError) || error.fields.length === 0) return false;
  const known = new Set(Object.keys(form.getFieldsValue(true) as object));
  const placed = error.fields.filter((problem) => known.has(problem.field.split(".")[0] ?? ""));
  form.setFields(placed.map((problem) => ({ name: problem.field.split("."), errors: [fieldText(problem)] })));
  return placed.length === error.fields.length;
}

/** WeChat's refusal explained by its number, when we know it. */
export function wechatText(errcode: number | null): string | null {
  if (errcode === null) return null;
  const key = `wechat.e${errcode}`;
  return exists(key) ? i18next.t(key as "errors.unknown") : null;
}
