import { useState } from "preact/hooks";
import type { Exported, Note, Problem } from "./model";
import { Problems, Tag } from "./parts";
import { saveFile, savePngOf } from "./picture";
import { link } from "./route";
import { answer, post, Refusal, sheet } from "./server";
import { language, t } from "./words";

const TABLES = ["rests", "levers", "parties", "equilibria", "wants", "terms", "conclusions", "hypotheses", "claims", "sources", "findings", "states"];
const REPORTS: [string, "en" | "nl"][] = [
  ["report", "en"],
  ["report", "nl"],
  ["brief", "en"],
  ["brief", "nl"],
];

interface Form {
  to: string;
  of?: string;
  scale?: string;
  whole?: boolean;
  label: string;
}
/** What other programs open, by what they are for. */
const FORMS: [string, Form[]][] = [
  [
    "games",
    [
      { to: "nfg", label: "Gambit .nfg" },
      { to: "nfg-outcomes", label: "Gambit .nfg, outcomes" },
      { to: "efg", label: "Gambit .efg" },
      { to: "payoffs", label: "CSV" },
      { to: "nfg", scale: "cardinal", label: "Gambit .nfg, worths" },
    ],
  ],
  ...["moves", "paths", "evidence"].map((of): [string, Form[]] => [
    `graph_${of}`,
    [
      { to: "graphml", of, label: "GraphML" },
      { to: "gexf", of, label: "GEXF (Gephi)" },
      { to: "edges", of, label: "CSV" },
    ],
  ]),
  [
    "all_tables",
    [
      { to: "xlsx", label: "XLSX" },
      { to: "xlsx", whole: true, label: "XLSX, whole" },
    ],
  ],
  [
    "evidence",
    [
      { to: "claims", label: "CSV" },
      { to: "claims-xlsx", label: "XLSX" },
      { to: "annotations", label: "W3C Web Annotation" },
      { to: "dna", label: "DNA" },
    ],
  ],
  [
    "sources",
    [
      { to: "csl", label: "CSL-JSON" },
      { to: "bibtex", label: "BibTeX" },
    ],
  ],
  ["to_fill_in", [{ to: "template", label: "XLSX" }]],
];

/** What was kept, changed and lost on the way. */
export function Notes({ notes }: { notes: Note[] }) {
  return (
    <ul class="notes">
      {notes.map((each) => (
        <li key={each.fate + each.words}>
          <Tag kind={each.fate === "lost" ? "fails" : each.fate === "kept" ? "holds" : "term"}>{t(`fate_${each.fate}`)}</Tag>{" "}
          <span>{each.words}</span>
        </li>
      ))}
    </ul>
  );
}

function Exports() {
  const [made, setMade] = useState<Exported | null>(null);
  const [busy, setBusy] = useState("");
  const [problems, setProblems] = useState<Problem[]>([]);
  const write = async (form: Form) => {
    const { label, ...asked } = form;
    setBusy(label);
    setProblems([]);
    setMade(null);
    try {
      const told = await post<Exported>("/export", asked);
      saveFile(new Blob([Uint8Array.from(atob(told.content), (sign) => sign.charCodeAt(0))]), told.name);
      setMade(told);
    } catch (error) {
      if (error instanceof Refusal) setProblems(error.problems);
      else throw error;
    } finally {
      setBusy("");
    }
  };
  return (
    <section aria-labelledby="export-title">
      <h2 id="export-title">{t("export_title")}</h2>
      <p class="quiet">{t("export_about")}</p>
      <dl class="exports">
        {FORMS.map(([kind, forms]) => (
          <div key={kind}>
            <dt>{t(`export_${kind}`)}</dt>
            <dd>
              {forms.map((form) => (
                <button type="button" class="small" key={form.label} disabled={busy !== ""} onClick={() => void write(form)}>
                  {t(`form_${form.label}`) || form.label}
                </button>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div aria-live="polite">
        {busy ? (
          <p class="quiet" role="status">
            {t("export_busy", { form: busy })}
          </p>
        ) : null}
        <Problems problems={problems} />
        {made ? (
          <>
            <p>{t("export_made", { name: made.name })}</p>
            <Notes notes={made.notes} />
          </>
        ) : null}
      </div>
    </section>
  );
}

/** A picture that the server draws, in either language, as SVG and PNG. */
function Drawing({ name, label }: { name: string; label: string }) {
  return (
    <li>
      {label}:
      {(["en", "nl"] as const).map((each) => {
        const address = `/hand/${name}.svg?language=${each}`;
        return (
          <>
            {" "}
            <a href={address} download>
              SVG ({each})
            </a>{" "}
            <button type="button" class="plain" onClick={() => void savePngOf(address, `${name}-${each}.png`)}>
              PNG ({each})
            </button>
          </>
        );
      })}
    </li>
  );
}

/** Hand on: report and brief, pictures, tables, files for other programs, and links that last. */
export function Hand() {
  const name = sheet.value?.folder || "case";
  return (
    <div class="screen">
      <h1>{t("nav_hand")}</h1>
      <p class="lead">{t("about_hand")}</p>
      <h2>{t("report")}</h2>
      <ul class="hand">
        {REPORTS.map(([kind, each]) => (
          <li key={kind + each}>
            <a href={`/hand/${kind}.html?language=${each}`} target="_blank" rel="noreferrer">
              {t(`${kind}_${each}`)}
            </a>{" "}
            <a
              href={`/hand/${kind}.html?language=${each}`}
              download={`${name}-${kind}-${each}.html`}
              aria-label={`${t("download")}: ${t(`${kind}_${each}`)}`}
            >
              {t("download")}
            </a>
          </li>
        ))}
      </ul>
      <p class="quiet">{t("report_slow")}</p>
      <h2>{t("pictures")}</h2>
      <ul class="hand">
        <Drawing name="moves" label={t("nav_moves")} />
        {sheet.value?.file?.areas || sheet.value?.file?.zones ? <Drawing name="zones" label={t("zones_picture")} /> : null}
        <li>
          <a href={link("deals")}>{t("nav_deals")}</a>, <a href={link("watch")}>{t("nav_watch")}</a>, <a href={link("truce")}>{t("nav_truce")}</a>:{" "}
          {t("pictures_there")}
        </li>
      </ul>
      <h2>{t("tables")}</h2>
      <ul class="hand columns">
        {TABLES.map((each) => (
          <li key={each}>
            {t(`table_${each}`)}:{" "}
            <a href={`/hand/table.csv?table=${each}`} download aria-label={`CSV: ${t(`table_${each}`)}`}>
              CSV
            </a>{" "}
            <a href={`/hand/table.xlsx?table=${each}`} download aria-label={`XLSX: ${t(`table_${each}`)}`}>
              XLSX
            </a>
          </li>
        ))}
      </ul>
      <Exports />
      <h2>{t("links")}</h2>
      <p class="quiet">{t("links_about")}</p>
      <ul class="hand">
        {(answer.value?.sentences ?? []).map((each) => (
          <li key={each.text} lang={language.value}>
            <a href={link("answer", each.kind, each.about || "-")}>{each.text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
