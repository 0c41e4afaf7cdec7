import { batch, signal } from "@preact/signals";
import { byName, isFinal, nameOf, valueAt } from "./logic";
import type { Answer, Carried, Edit, Plain, Presents, Problem, Sentence, Sheet, Watched } from "./model";
import { type Language, language } from "./words";

export const sheet = signal<Sheet | null>(null);
export const opened = signal<boolean | null>(null);
export const answer = signal<Answer | null>(null);
export const before = signal<Sentence[]>([]);
/** Sentences of the version compared with, by name; and its number. */
export const marked = signal<Record<string, string>>({});
export const markedVersion = signal(0);
export const progress = signal("");
/** Share of the deeper work that is done. */
export const share = signal(0);
export const watch = signal<Watched | null>(null);
export const presents = signal<Presents | null>(null);
/** What became of the file that was imported last. */
export const carriedIn = signal<Carried | null>(null);
export const outside = signal<string | null>(null);
export const refused = signal<Problem[]>([]);
export const notice = signal("");
export const connected = signal(true);
export const saving = signal(false);

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problems: Problem[],
  ) {
    super(problems[0]?.what ?? "refused");
  }
}

async function answered<T>(sent: Response): Promise<T> {
  const told = await sent.json().catch(() => ({}));
  if (!sent.ok)
    throw new Refusal(sent.status, told.problems ?? [{ code: "", what: String(sent.status), at: "", line: null, column: null, hint: "" }]);
  return told as T;
}
export const get = async <T>(path: string): Promise<T> => answered<T>(await fetch(path));
export const post = async <T>(path: string, body: unknown): Promise<T> =>
  answered<T>(await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }));
export const send = async <T>(path: string, content: Blob): Promise<T> =>
  answered<T>(await fetch(path, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: content }));

/** Puts documents beside the case. */
export async function sendDocuments(files: FileList | File[] | null | undefined): Promise<Problem[]> {
  for (const file of files ?? []) {
    try {
      await send(`/document?name=${encodeURIComponent(file.name)}`, file);
    } catch (error) {
      if (error instanceof Refusal) return error.problems;
      throw error;
    }
  }
  return [];
}

/** Files of another program, one after the other in one body; what became of them is kept to be read. */
export async function sendFiles(files: File[], asked: Record<string, string> = {}): Promise<Problem[]> {
  if (!files.length) return [];
  const query = new URLSearchParams(asked);
  for (const file of files) {
    query.append("name", file.name);
    query.append("size", String(file.size));
  }
  try {
    carriedIn.value = await send<Carried>(`/import?${query}`, new Blob(files));
    return [];
  } catch (error) {
    if (error instanceof Refusal) return error.problems;
    throw error;
  }
}

const PATIENCE = 20_000; // milliseconds until what was saved is shown, on a slow machine too; a window that hears nothing waits no longer
const nextSheet = (version: number) =>
  new Promise<void>((done) => {
    const stop = sheet.subscribe((now) => {
      if (now && now.version > version) {
        setTimeout(() => stop());
        done();
      }
    });
    setTimeout(done, PATIENCE);
  });

/** One change at a time: each is made on the version that the one before has led to. */
let last: Promise<unknown> = Promise.resolve();
function inTurn(change: () => Promise<Problem[]>): Promise<Problem[]> {
  const mine = last.then(async () => {
    saving.value = true;
    try {
      return await change();
    } catch (error) {
      if (error instanceof Refusal) return error.problems;
      notice.value = "lost";
      return [];
    } finally {
      saving.value = false;
    }
  });
  last = mine;
  return mine;
}
const present = () => ({ version: sheet.value?.version ?? 0 });
/** Asks for a change, and waits until the page shows what came of it. */
async function changed(path: string, asked: Record<string, unknown>): Promise<Problem[]> {
  const told = await post<{ version: number }>(path, asked);
  if ((sheet.value?.version ?? 0) < told.version) await nextSheet(told.version - 1);
  return [];
}

export const edit = (edits: Edit[], what = "") => inTurn(() => tried(edits, what, 2));
async function tried(edits: Edit[], what: string, times: number): Promise<Problem[]> {
  const now = sheet.value;
  if (!now) return [];
  try {
    return await changed("/edit", { ...present(), edits, what });
  } catch (error) {
    if (!(error instanceof Refusal) || error.problems[0]?.code !== "web/other-version" || times === 0) throw error;
    if (sheet.value?.version === now.version) await nextSheet(now.version);
    const same = edits.every(
      (each) => JSON.stringify(valueAt(now.file ?? undefined, each.at)) === JSON.stringify(valueAt(sheet.value?.file ?? undefined, each.at)),
    );
    if (same) return await tried(edits, what, times - 1);
    notice.value = "elsewhere";
    throw error;
  }
}

/** Another name for a member, or for one of the types or settings `of` one, wherever the case speaks of it; made by the server, as one edit. A party may get what it is `called` with it. */
export const rename = (section: string, name: string, to: string, more: { of?: string; called?: string } = {}) =>
  inTurn(() => changed("/rename", { ...present(), section, name, to, ...more }));

/** A proposal accepted, rejected, or put back among those that wait. */
export const decide = (id: string, becomes: "accepted" | "rejected" | "waiting", fields: Record<string, string>) =>
  inTurn(() => changed("/decide", { ...present(), id, becomes, fields }));

export async function step(which: "undo" | "redo" | "restore", more: Record<string, Plain> = {}): Promise<void> {
  const refused = await inTurn(() => changed(`/${which}`, { ...present(), ...more }));
  if (refused[0]) notice.value = refused[0].what;
}

/** What another program wrote to the file is taken, or what stands here is kept. */
export async function choose(theirs: boolean): Promise<void> {
  const refused = await inTurn(async () => {
    await changed("/choose", { theirs });
    outside.value = null;
    return [];
  });
  if (refused[0]) notice.value = refused[0].what;
}

/** From here on what changes is marked. */
export function markFromHere(): void {
  marked.value = byName(answer.value?.sentences ?? []);
  markedVersion.value = answer.value?.version ?? 0;
}

/** Sentences as they stand, with those of the version before in place of what is still worked out. */
function settled(now: Answer | null, old: Sentence[]): Sentence[] {
  if (!now) return old;
  const mine = now.sentences.filter((each) => isFinal(each.kind, now.stage));
  return [...mine, ...old.filter((each) => !isFinal(each.kind, now.stage))];
}

function take(told: Answer): void {
  if (told.version !== sheet.value?.version) return;
  batch(() => {
    if (answer.value && answer.value.version !== told.version) before.value = settled(answer.value, before.value);
    const old = answer.value;
    answer.value = told.stage === "core" && old ? { ...told, findings: old.findings } : told;
    refused.value = [];
    if (markedVersion.value === 0 || markedVersion.value === told.version) {
      markedVersion.value = told.version;
      const mine = told.sentences.filter((each) => isFinal(each.kind, told.stage));
      marked.value = { ...marked.value, ...byName(mine) };
    } else if (told.stage !== "core") {
      const missing = told.sentences.filter(
        (each) =>
          isFinal(each.kind, told.stage) && !(nameOf(each) in marked.value) && ["deal", "hypotheses", "sensitivity"].includes(each.kind),
      );
      if (missing.length && before.value.every((each) => missing[0]?.kind !== each.kind)) marked.value = { ...marked.value, ...byName(missing) };
    }
    progress.value = told.stage === "truces" ? "" : told.stage;
    if (told.stage === "core") share.value = 0;
  });
}

const AWAY = 5000; // milliseconds out of sight after which a window stops listening

/** Hears all that the server tells, while the window is in sight: a browser keeps few connections, and each window that listens takes one. */
export function listen(): void {
  let stream: EventSource | null = heard();
  let leaving = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(leaving);
    if (document.visibilityState === "hidden")
      leaving = window.setTimeout(() => {
        stream?.close();
        stream = null;
      }, AWAY);
    else stream ??= heard();
  });
}

function heard(): EventSource {
  const stream = new EventSource("/stream");
  const on = (kind: string, heard: (told: never) => void) =>
    stream.addEventListener(kind, (event) => heard(JSON.parse((event as MessageEvent).data) as never));
  stream.onopen = () => {
    connected.value = true;
  };
  stream.onerror = () => {
    connected.value = false;
  };
  on("hello", (told: { language: Language; open: boolean }) => {
    language.value = told.language;
    opened.value = told.open;
  });
  on("case", (told: Sheet) =>
    batch(() => {
      if (sheet.value && sheet.value.name + sheet.value.folder !== told.name + told.folder) {
        answer.value = null;
        before.value = [];
        marked.value = {};
        markedVersion.value = 0;
      }
      sheet.value = told;
      opened.value = true;
      language.value = told.language;
    }),
  );
  on("answer", take);
  on("presents", (told: Presents) => {
    presents.value = told;
  });
  on("watch", (told: Watched) => {
    watch.value = told;
  });
  on("progress", (told: { stage: string; share: number; version: number }) => {
    if (told.version === sheet.value?.version)
      batch(() => {
        progress.value = told.stage;
        share.value = told.share;
      });
  });
  on("refused", (told: { problems: Problem[]; version: number }) => {
    if (told.version === sheet.value?.version) {
      refused.value = told.problems;
      progress.value = "";
    }
  });
  on("outside", (told: { text: string }) => {
    outside.value = told.text;
  });
  return stream;
}
