import { render } from "preact";
import { useEffect } from "preact/hooks";
import "./style.css";
import { Ahead } from "./ahead";
import { AnswerInShort } from "./answer";
import { Build } from "./build";
import { Carries } from "./carries";
import { told, whichCase } from "./case";
import { Changes, Differences } from "./changes";
import { Deals } from "./deals";
import { Findings } from "./finding";
import { loadForms } from "./forms";
import { Guide } from "./guide";
import { Hand } from "./hand";
import { Moves, Walk } from "./moves";
import { Problems } from "./parts";
import { Read } from "./read";
import { Rooms } from "./rooms";
import { go, link, route } from "./route";
import { choose, connected, listen, notice, opened, outside, post, saving, sendDocuments, sheet, step } from "./server";
import { CarriedIn, Start } from "./start";
import { Text } from "./text";
import { Truce } from "./truce";
import { Watch } from "./watch";
import { type Language, language, t } from "./words";

const SCREENS: Record<string, () => preact.JSX.Element> = {
  read: Read,
  build: Build,
  moves: Moves,
  walk: Walk,
  deals: Deals,
  truce: Truce,
  watch: Watch,
  ahead: Ahead,
  carries: Carries,
  changes: Changes,
  text: Text,
  hand: Hand,
  guide: Guide,
  start: Start,
};
const kept = (name: string) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
function theme(which: string): void {
  document.documentElement.dataset.theme = which;
  try {
    localStorage.setItem("theme", which);
  } catch {
    /* a browser that keeps nothing */
  }
}

function Bar() {
  const now = sheet.value;
  return (
    <header class="bar">
      <button type="button" class="unseen skip" onClick={() => document.getElementById("main")?.focus()}>
        {t("skip")}
      </button>
      <a class="brand" href={link("build")}>
        bestand
      </a>
      <span class="title">{told(now?.file?.title) || now?.name}</span>
      <span class="quiet state" role="status">
        {!connected.value ? t("lost") : saving.value ? t("saving") : now ? t("saved", { version: now.version }) : ""}
      </span>
      <span class="tools">
        <button type="button" disabled={!now?.undo} onClick={() => void step("undo")} title="Ctrl+Z">
          {t("undo")}
        </button>
        <button type="button" disabled={!now?.redo} onClick={() => void step("redo")} title="Ctrl+Shift+Z">
          {t("redo")}
        </button>
        <select
          aria-label={t("language")}
          value={language.value}
          onChange={(event) => {
            language.value = (event.target as HTMLSelectElement).value as Language;
            void post("/speak", { language: language.value });
          }}
        >
          <option value="en">English</option>
          <option value="nl">Nederlands</option>
        </select>
        <button
          type="button"
          aria-label={t("theme")}
          onClick={() =>
            theme(
              document.documentElement.dataset.theme === "dark" ||
                (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches)
                ? "light"
                : "dark",
            )
          }
        >
          ◐
        </button>
      </span>
    </header>
  );
}

function Outside() {
  if (outside.value === null) return null;
  return (
    <section class="outside" role="alertdialog" aria-labelledby="outside-title">
      <h2 id="outside-title">{t("outside_title")}</h2>
      <p>{t("outside_about")}</p>
      <Differences old="now" now="disk" />
      <button type="button" class="main" onClick={() => void choose(true)}>
        {t("take_theirs")}
      </button>{" "}
      <button type="button" onClick={() => void choose(false)}>
        {t("keep_mine")}
      </button>
    </section>
  );
}

const READABLE = new Set(["text", "changes", "start", "guide"]); // what can be shown of a case whose file has mistakes

/** What is wrong with the file, and the two ways out. */
function Unreadable() {
  return (
    <div class="screen">
      <h1>{t("unreadable_title")}</h1>
      <p class="lead">
        {t("not_readable")} <a href={link("text")}>{t("nav_text")}</a> {t("or_back")} <a href={link("changes")}>{t("nav_changes")}</a>
      </p>
      <Problems
        problems={(sheet.value?.problems ?? []).map((each) => ({
          ...each,
          what: each.line ? `${t("line", { n: each.line })}: ${each.what}` : each.what,
        }))}
      />
    </div>
  );
}

function Page() {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        !(event.ctrlKey || event.metaKey) ||
        event.key.toLowerCase() !== "z" ||
        target.closest("input:not([type=checkbox]):not([type=range]), textarea, .cm-editor")
      )
        return;
      event.preventDefault();
      void step(event.shiftKey ? "redo" : "undo");
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language.value;
    document.title = `${told(sheet.value?.file?.title) || "bestand"} – bestand`;
  }, [language.value, sheet.value?.version]);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (event.defaultPrevented || !files.length) return; // where files are dropped on purpose, they were taken
      event.preventDefault(); // else the browser leaves the page for the file
      if (sheet.value)
        void sendDocuments(files).then((wrong) => {
          if (wrong.length) notice.value = wrong.map((each) => each.what).join(" ");
          else go("read");
        });
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);
  const [screen = "", section = "", ...member] = route.value;
  useEffect(() => {
    scrollTo(0, 0);
  }, [screen, screen === "build" ? section : ""]); // another screen begins at its top
  useEffect(() => {
    document.querySelector("main .entries > li.open, main .ordered .opened")?.scrollIntoView({ block: "nearest" });
  }, [screen, section, member.join("/")]);
  if (opened.value === null) return <p class="quiet wait">…</p>;
  if (!opened.value || !sheet.value)
    return opened.value ? (
      <p class="quiet wait">…</p>
    ) : (
      <>
        <Bar />
        <Start />
      </>
    );
  const here = route.value[0] ?? (sheet.value.file ? "build" : "text");
  const Screen = sheet.value.file || READABLE.has(here) ? (SCREENS[here] ?? Build) : Unreadable;
  const open = here === "answer" ? `${route.value[1]}/${route.value[2] === "-" ? "" : route.value[2]}` : undefined;
  return (
    <>
      <Bar />
      <div class="bench" key={whichCase()}>
        <Rooms />
        <main id="main" tabIndex={-1}>
          {notice.value ? (
            <p class="notice" role="alert">
              {t(`notice_${notice.value}`) || notice.value}{" "}
              <button
                type="button"
                class="plain"
                onClick={() => {
                  notice.value = "";
                }}
              >
                {t("close")}
              </button>
            </p>
          ) : null}
          <CarriedIn />
          <Outside />
          {here === "answer" && sheet.value.file ? <AnswerInShort key={open} open={open} /> : <Screen />}
        </main>
        <div class="side">
          {here === "answer" ? null : <AnswerInShort />}
          <Findings />
        </div>
      </div>
    </>
  );
}

const chosen = kept("theme");
if (chosen) document.documentElement.dataset.theme = chosen;
const place = document.getElementById("page");
if (place) {
  render(<Page />, place);
  listen();
  void loadForms();
}
