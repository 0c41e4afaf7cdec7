import { go, link, route } from "./route";
import { t } from "./words";

const STEPS: [string, string[]][] = [
  ["1", ["read"]],
  ["2", ["build", "levers"]],
  ["3", ["build", "wants"]],
  ["4", ["moves"]],
  ["5", ["walk"]],
  ["6", ["carries"]],
  ["7", ["hand"]],
];

/** The guided first case: seven things to do, each a click from where it is done. */
export function Guide() {
  const at = Number(route.value[1] ?? 1);
  return (
    <div class="screen guide">
      <h1>{t("guide_title")}</h1>
      <p class="lead">{t("guide_lead")}</p>
      <ol>
        {STEPS.map(([n, where]) => (
          <li key={n} class={Number(n) === at ? "open" : ""}>
            <strong>{t(`guide_${n}`)}</strong>
            <p>{t(`guide_${n}_do`)}</p>
            <a class="button" href={link(...where)}>
              {t("guide_go")}
            </a>
          </li>
        ))}
      </ol>
      <button type="button" onClick={() => go("build")}>
        {t("guide_done")}
      </button>
    </div>
  );
}
