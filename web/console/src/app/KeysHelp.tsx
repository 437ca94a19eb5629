/** `?`: everything the keyboard can do. */
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { Kbd } from "@/ui/kit";

export default function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const rows: [string[], string][] = [
    [["/"], t("keys.search")],
    [["Ctrl", "K"], t("keys.search_anywhere")],
    [["g", "h"], t("nav.home")],
    [["g", "i"], t("nav.inbox")],
    [["g", "c"], t("nav.customers")],
    [["g", "r"], t("nav.replies")],
    [["g", "m"], t("nav.menu")],
    [["g", "q"], t("nav.qrcodes")],
    [["g", "t"], t("nav.articles")],
    [["g", "l"], t("nav.library")],
    [["g", "a"], t("nav.accounts")],
    [["g", "s"], t("nav.settings")],
    [["j"], t("keys.next")],
    [["k"], t("keys.previous")],
    [["Enter"], t("keys.open")],
    [["x"], t("keys.choose")],
    [["Esc"], t("keys.back")],
    [["Ctrl", "S"], t("keys.save")],
    [["?"], t("keys.help")],
  ];
  const inbox: [string[], string][] = [
    [["Enter"], t("inbox.keys.write")],
    [["Enter"], t("inbox.keys.send")],
    [["Ctrl", "Enter"], t("inbox.keys.send_done")],
    [["Shift", "Enter"], t("inbox.keys.line")],
    [["/"], t("inbox.keys.canned")],
    [["e"], t("inbox.keys.done")],
    [["s"], t("inbox.keys.snooze")],
    [["a"], t("inbox.keys.assign")],
    [["n"], t("inbox.keys.note")],
  ];
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("nav.keys")} width={520}>
      <Rows rows={rows} />
      <h3 className="keys-part">{t("nav.inbox")}</h3>
      <Rows rows={inbox} />
    </Modal>
  );
}

function Rows({ rows }: { rows: [string[], string][] }) {
  return (
    <ul className="keys-help">
      {rows.map(([keys, what]) => (
        <li key={keys.join()}>
          <span>{what}</span>
          <span className="row">
            {keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
