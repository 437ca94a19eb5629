/** A picture for whom: screens, printers at 300 dpi, designers. One press takes the usual one. */
import { Button, Dropdown, Space } from "antd";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/icons";

/** Centimetres of a side at 300 dpi, and the pixels they are. */
const prints = [
  { cm: 5, px: 591 },
  { cm: 8, px: 945 },
  { cm: 10, px: 1181 },
  { cm: 15, px: 1772 },
  { cm: 30, px: 3543 },
] as const;
const usual = 1181;

export function Download({
  addressOf,
  fileName,
  label,
  primary,
  zip,
}: {
  /** The address for a query like `format=png&size=1181`. */
  addressOf: (query: string) => string;
  fileName: (ending: string) => string;
  label: string;
  primary?: boolean;
  zip?: boolean;
}) {
  const { t } = useTranslation();
  const link = (query: string, ending: string, text: string) => (
    <a href={addressOf(query)} download={fileName(zip ? "zip" : ending)}>
      {text}
    </a>
  );
  return (
    <Space.Compact>
      <Button
        type={primary ? "primary" : "default"}
        icon={<Icon name="import" />}
        href={addressOf(`format=png&size=${usual}`)}
        download={fileName(zip ? "zip" : "png")}
      >
        {label}
      </Button>
      <Dropdown
        trigger={["click"]}
        placement="bottomRight"
        menu={{
          items: [
            { key: "screen", label: link("format=png&size=430", "png", t("qrcodes.sizes.screen")) },
            ...prints.map(({ cm, px }) => ({
              key: String(px),
              label: link(`format=png&size=${px}`, "png", t("qrcodes.sizes.print", { cm, px })),
            })),
            { type: "divider" as const },
            { key: "svg", label: link("format=svg", "svg", t("qrcodes.sizes.svg")) },
          ],
        }}
      >
        <Button
          type={primary ? "primary" : "default"}
          aria-label={t("qrcodes.other_sizes")}
          icon={<Icon name="down" size={14} />}
        />
      </Dropdown>
    </Space.Compact>
  );
}
