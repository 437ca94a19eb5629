/** What is wrong or unwise, said while one writes; a press leads there. */
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";
import { Card } from "@/ui/kit";
import { faultText } from "./faultText";
import type { Fault } from "./lint";

interface Props {
  faults: Fault[];
  many: boolean;
  onGo: (fault: Fault) => void;
}

export function Faults({ faults, many, onGo }: Props) {
  const { t } = useTranslation();
  const icons = { error: "alert", warning: "alert", hint: "info" } as const;
  return (
    <Card title={t("articles.checks")}>
      {faults.length === 0 ? (
        <p className="row small faults-none">
          <Icon name="check" size={14} />
          {t("articles.no_faults")}
        </p>
      ) : (
        <ul className="faults">
          {faults.map((fault) => (
            <li key={`${fault.item}-${fault.code}`} className={`fault fault-${fault.level}`}>
              <Icon name={icons[fault.level]} size={14} />
              <button type="button" className="plain" onClick={() => onGo(fault)}>
                {faultText(t, fault, many)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
