import { useState } from "preact/hooks";
import { told as saidTitle } from "./case";
import { Notes } from "./hand";
import type { Problem } from "./model";
import { Problems, useTold } from "./parts";
import { go } from "./route";
import { carriedIn, get, post, Refusal, sendDocuments, sendFiles, sheet } from "./server";
import { language, t } from "./words";

const OF_PROGRAMS = ".yaml,.yml,.json,.jsonld,.gmcr,.nfg,.efg,.csv,.xml,.xlsx";
const KINDS = ["gmcr", "gambit", "genius", "payoffs", "xlsx"];

/** What became of a file that was just imported, until it is closed. */
export function CarriedIn() {
  const told = carriedIn.value;
  if (!told) return null;
  return (
    <section class="notice" aria-labelledby="carried-title" role="status">
      <h2 id="carried-title">{t("carried_title", { format: told.format })}</h2>
      {told.notes.length ? <Notes notes={told.notes} /> : null}
      <button
        type="button"
        onClick={() => {
          carriedIn.value = null;
        }}
      >
        {t("close")}
      </button>
    </section>
  );
}

/** Claims or sources from a file of another program, put into the open case. */
export function AddEvidence({ refused }: { refused: (problems: Problem[]) => void }) {
  return (
    <label class="button">
      {t("add_evidence")}
      <input
        type="file"
        class="unseen"
        accept=".csv,.xlsx,.json,.jsonld"
        onChange={async (event) => {
          const field = event.target as HTMLInputElement;
          refused(await sendFiles([...(field.files ?? [])], { into: "1" }));
          field.value = "";
        }}
      />
    </label>
  );
}

interface Kept {
  cases: { case: string; title: string; open: boolean }[];
}

/** The empty page, or the room of cases beside an open one: those of this folder, a guided first case, a new one, one from elsewhere, or a document. */
export function Start() {
  const inside = sheet.value !== null;
  const kept = useTold(() => get<Kept>("/cases"), [sheet.value?.folder, sheet.value?.name]);
  const [title, setTitle] = useState("");
  const [parties, setParties] = useState("");
  const [kind, setKind] = useState("");
  const [seenBy, setSeenBy] = useState("");
  const [problems, setProblems] = useState<Problem[]>([]);
  const begin = async (asked: Record<string, string | string[]>, then: string[]) => {
    try {
      await post("/start", { language: language.value, ...asked });
      go(...then);
    } catch (error) {
      if (error instanceof Refusal) setProblems(error.problems);
      else throw error;
    }
  };
  const carry = async (files: File[]) => {
    const found = await sendFiles(files, { ...(kind ? { kind } : {}), ...(seenBy.trim() ? { seen_by: seenBy.trim() } : {}) });
    setProblems(found);
    if (!found.length && files.length) go("build");
  };
  const read = async (files: File[]) => {
    const found = await sendDocuments(files);
    setProblems(found);
    if (!found.length) go("read");
  };
  const dropped = (files: File[]) => {
    const ends = OF_PROGRAMS.split(",");
    return inside || files.every((file) => ends.some((end) => file.name.toLowerCase().endsWith(end))) ? carry(files) : read(files);
  };
  const openCase = async (name: string) => {
    try {
      await post("/open", { case: name });
      go("build");
    } catch (error) {
      if (error instanceof Refusal) setProblems(error.problems);
      else throw error;
    }
  };
  const Holder = inside ? "div" : "main";
  return (
    <Holder
      class="start"
      id={inside ? "cases" : "main"}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void dropped([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <h1>{t(inside ? "nav_start" : "start_title")}</h1>
      <p class="lead">{t(inside ? "start_inside" : "start_lead")}</p>
      <Problems problems={problems} />
      {kept.told?.cases.length ? (
        <section aria-labelledby="kept-title">
          <h2 id="kept-title">{t("start_kept")}</h2>
          <ul class="entries">
            {kept.told.cases.map((each) => (
              <li key={each.case}>
                <button type="button" class="entry" disabled={each.open} onClick={() => void openCase(each.case)}>
                  <span>{each.open ? saidTitle(sheet.value?.file?.title) || each.title : each.title}</span>
                  <span class="because">{each.open ? t("start_open") : each.case}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <div class="ways">
        <section>
          <h2>{t("start_example")}</h2>
          <p>{t("start_example_about")}</p>
          <button type="button" class="main" onClick={() => void begin({ how: "example" }, ["guide", "1"])}>
            {t("start_example_go")}
          </button>
        </section>
        <section>
          <h2>{t("start_new")}</h2>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void begin(
                {
                  how: "new",
                  title,
                  parties: parties
                    .split(",")
                    .map((each) => each.trim())
                    .filter(Boolean),
                },
                parties.trim() ? ["build", "levers"] : ["build", "parties", "a"],
              );
            }}
          >
            <div class="field">
              <label for="title">{t("field_title")}</label>
              <input id="title" value={title} onInput={(event) => setTitle((event.target as HTMLInputElement).value)} />
            </div>
            <div class="field">
              <label for="start-parties">{t("start_parties")}</label>
              <input
                id="start-parties"
                value={parties}
                placeholder={t("start_parties_like")}
                onInput={(event) => setParties((event.target as HTMLInputElement).value)}
              />
            </div>
            <button type="submit">{t("start_new_go")}</button>
          </form>
        </section>
        <section>
          <h2>{t("start_import")}</h2>
          <p>{t("start_import_about")}</p>
          <label class="button">
            {t("choose_files")}
            <input
              type="file"
              class="unseen"
              multiple
              accept={OF_PROGRAMS}
              onChange={(event) => {
                const field = event.target as HTMLInputElement;
                void carry([...(field.files ?? [])]).then(() => {
                  field.value = "";
                });
              }}
            />
          </label>
          <p class="hint">
            <a href={`/blank.xlsx?title=${encodeURIComponent(title)}`} download>
              {t("blank_workbook")}
            </a>
          </p>
          <details>
            <summary>{t("import_more")}</summary>
            <div class="field">
              <label for="import-kind">{t("import_kind")}</label>
              <select id="import-kind" value={kind} onChange={(event) => setKind((event.target as HTMLSelectElement).value)}>
                <option value="">{t("import_told")}</option>
                {KINDS.map((each) => (
                  <option key={each} value={each}>
                    {t(`import_${each}`)}
                  </option>
                ))}
              </select>
            </div>
            <div class="field">
              <label for="seen-by">{t("import_seen_by")}</label>
              <input id="seen-by" value={seenBy} onInput={(event) => setSeenBy((event.target as HTMLInputElement).value)} />
              <span class="hint">{t("import_seen_by_hint")}</span>
            </div>
          </details>
        </section>
        {inside ? null : (
          <section>
            <h2>{t("start_document")}</h2>
            <p>{t("start_document_about")}</p>
            <label class="button">
              {t("choose_file")}
              <input
                type="file"
                class="unseen"
                accept=".txt,.md,.html,.htm,.pdf,.docx"
                onChange={(event) => void read([...((event.target as HTMLInputElement).files ?? [])])}
              />
            </label>
          </section>
        )}
      </div>
    </Holder>
  );
}
