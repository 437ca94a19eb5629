/** The field where one types a thing's name before something that cannot be undone. */
import { Input } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

export function TypedName({
  name,
  value,
  onChange,
}: {
  name: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="stack-tight">
      <label htmlFor={id}>{t("deletion.type", { name })}</label>
      <Input
        id={id}
        value={value}
        autoFocus
        placeholder={name}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
