import { useState } from "preact/hooks";
import type { Problem } from "./model";
import { Problems } from "./parts";
import { go } from "./route";
import { take } from "./read";
import { post, Refusal } from "./server";
import { language, t } from "./words";

/** The empty page: a guided first case, a new one, one from elsewhere, or a document. */
export function Start() {
  const [title, setTitle] = useState("");
  const [problems, setProblems] = useState<Problem[]>([]);
  const begin = async (asked: Record<string, string>, then: string[]) => {
    try { await post("/start", { language: language.value, ...asked }); go(...then); }
    catch (error) { if (error instanceof Refusal) setProblems(error.problems); }
  };
  return (
    <main class="start" id="main" onDragOver={(event) => event.preventDefault()} onDrop={async (event) => { event.preventDefault(); const found = await take(event.dataTransfer?.files); setProblems(found); if (!found.length) go("read"); }}>
      <h1>{t("start_title")}</h1>
      <p class="lead">{t("start_lead")}</p>
      <Problems problems={problems} />
      <div class="ways">
        <section><h2>{t("start_example")}</h2><p>{t("start_example_about")}</p><button type="button" class="main" onClick={() => void begin({ how: "example" }, ["guide", "1"])}>{t("start_example_go")}</button></section>
        <section><h2>{t("start_new")}</h2><form onSubmit={(event) => { event.preventDefault(); void begin({ how: "new", title }, ["build", "parties"]); }}>
          <div class="field"><label for="title">{t("field_title")}</label><input id="title" value={title} onInput={(event) => setTitle((event.target as HTMLInputElement).value)} /></div><button type="submit">{t("start_new_go")}</button></form></section>
        <section><h2>{t("start_import")}</h2><p>{t("start_import_about")}</p><label class="button">{t("choose_file")}<input type="file" class="unseen" accept=".yaml,.yml,.json,.gmcr" onChange={async (event) => { const file = (event.target as HTMLInputElement).files?.[0]; if (file) await begin({ how: "import", text: await file.text() }, ["build"]); }} /></label></section>
        <section><h2>{t("start_document")}</h2><p>{t("start_document_about")}</p><label class="button">{t("choose_file")}<input type="file" class="unseen" accept=".txt,.md,.html,.htm,.pdf,.docx" onChange={async (event) => { const found = await take((event.target as HTMLInputElement).files); setProblems(found); if (!found.length) go("read"); }} /></label></section>
      </div>
    </main>
  );
}
