import { link } from "./route";
import { answer, sheet } from "./server";
import { t } from "./words";

const TABLES = ["rests", "levers", "parties", "equilibria"];

/** Hand on: report, pictures, tables, and links that last. */
export function Hand() {
  const name = sheet.value?.folder || "case";
  return (
    <div class="screen">
      <h1>{t("nav_hand")}</h1>
      <p class="lead">{t("about_hand")}</p>
      <h2>{t("report")}</h2>
      <ul class="hand">{(["en", "nl"] as const).map((each) => <li key={each}><a href={`/hand/report.html?language=${each}`} target="_blank" rel="noreferrer">{t(`report_${each}`)}</a> <a href={`/hand/report.html?language=${each}`} download={`${name}-${each}.html`}>{t("download")}</a></li>)}</ul>
      <p class="quiet">{t("report_slow")}</p>
      <h2>{t("pictures")}</h2>
      <ul class="hand"><li>{t("nav_moves")}: <a href="/hand/moves.svg?language=en" download>SVG (en)</a> <a href="/hand/moves.svg?language=nl" download>SVG (nl)</a> · <a href={link("moves")}>PNG</a></li>
        {sheet.value?.file?.areas || sheet.value?.file?.zones ? <li>{t("zones_picture")}: <a href="/hand/zones.svg?language=en" download>SVG (en)</a> <a href="/hand/zones.svg?language=nl" download>SVG (nl)</a> · <a href={link("truce")}>PNG</a></li> : null}</ul>
      <h2>{t("tables")}</h2>
      <ul class="hand">{TABLES.map((each) => <li key={each}>{t(`table_${each}`)}: <a href={`/hand/table.csv?table=${each}`} download>CSV</a> <a href={`/hand/table.xlsx?table=${each}`} download>XLSX</a></li>)}</ul>
      <h2>{t("links")}</h2>
      <p class="quiet">{t("links_about")}</p>
      <ul class="hand">{(answer.value?.sentences ?? []).map((each) => <li key={each.text}><a href={link("answer", each.kind, each.about || "-")}>{each.text}</a></li>)}</ul>
    </div>
  );
}
